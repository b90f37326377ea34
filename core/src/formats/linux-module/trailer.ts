import { concatBytes, equalBytes, utf8 } from '../../encoding/bytes.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { Source } from '../format.ts';

/** Where in a kernel module the signature begins, or would. */
export interface ModuleLayout {
  /** Bytes of the module itself. */
  readonly contentEnd: number;
  /** The PKCS#7 structure behind it. */
  readonly signature?: { readonly offset: number; readonly length: number };
}

/** What ends a signed module; include/linux/module_signature.h of Linux. */
const MAGIC = utf8('~Module signature appended~\n');
/** struct module_signature: six bytes of kinds and lengths, two of padding of which one belongs to them, a big-endian length. */
const INFO = 12;
const TRAILER = INFO + MAGIC.length;
/** PKEY_ID_PKCS7, the one kind that kernels since 4.3 take. */
const PKCS7 = 2;
/** Largest structure that is looked at; real ones are below 2 KiB. */
const MAX_SIGNATURE = 64 * 1024;

/** The PKCS#7 structure with what follows it in a module. */
export function encodeTrailer(signature: Uint8Array): Uint8Array {
  const info = new DataView(new ArrayBuffer(INFO));
  info.setUint8(2, PKCS7);
  info.setUint32(8, signature.length);
  return concatBytes(signature, new Uint8Array(info.buffer), MAGIC);
}

/**
 * Finds the end of the module. Throws `format.malformed` where the signature would be longer than the file or the trailer says more
 * than its length, `format.unsupported` for old kinds and where another signed module is inside: kernels would check the outer
 * signature alone.
 */
export async function readModuleLayout(source: Source): Promise<ModuleLayout> {
  if (!(await endsSigned(source, source.size))) return { contentEnd: source.size };
  const infoAt = source.size - TRAILER;
  const bytes = await source.read(infoAt, INFO);
  const info = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (info.getUint8(2) !== PKCS7) {
    throw new OriginSignError('format.unsupported', 'The signature of the kernel module is not of the PKCS#7 kind.');
  }
  // None of these bytes is signed; kernels refuse what is not zero.
  if (bytes.some((octet, index) => index < 8 && index !== 2 && octet !== 0)) throw malformed('has data in its trailer');
  const length = info.getUint32(8);
  if (length === 0 || length > infoAt) throw malformed('has a signature of impossible length');
  if (length > MAX_SIGNATURE)
    throw new OriginSignError('format.too_large', 'The signature of the kernel module is too large.');
  const contentEnd = infoAt - length;
  if (await endsSigned(source, contentEnd)) {
    throw new OriginSignError('format.unsupported', 'The kernel module was signed more than once.');
  }
  return { contentEnd, signature: { offset: contentEnd, length } };
}

async function endsSigned(source: Source, end: number): Promise<boolean> {
  if (end < TRAILER) return false;
  return equalBytes(await source.read(end - MAGIC.length, MAGIC.length), MAGIC);
}

function malformed(what: string): OriginSignError {
  return new OriginSignError('format.malformed', `The kernel module ${what}.`);
}
