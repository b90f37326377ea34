import { OriginSignError } from '../../errors/error.ts';
import type { Source } from '../format.ts';

/** What of a cabinet a signature changes, and what it keeps. */
export interface CabLayout {
  /**
   * Header and folders as the signed file has them, in which only place and length of the signature are still zero: with the 24
   * bytes that a signature reserves, and every offset moved by them where the file did not have them yet.
   */
  readonly head: Uint8Array;
  /** The rest of the cabinet in the file, kept as it is: file offsets. */
  readonly body: { readonly start: number; readonly end: number };
  /** The signature, which ends the file. */
  readonly signature?: { readonly offset: number; readonly length: number };
}

/** CFHEADER without its optional parts; [MS-CAB] section 2.1. */
const HEADER = 36;
/** What a signature reserves in it: three sizes, then 20 bytes with the place of the signature. */
export const RESERVE = 24;
/** Offsets in the header of a signed cabinet: where its signature stands, and how long it is. */
export const SIGNATURE_OFFSET = 44;
export const SIGNATURE_LENGTH = 48;
/** The last bytes of the reserve, always zero. */
export const RESERVE_END = { start: 52, end: HEADER + RESERVE } as const;
const FOLDER = 8;
const FLAG_RESERVE = 4;
const FLAGS_SET = 3;
/** Offsets hold 32 bits, and there must be room for the signature. */
const MAX_SIZE = 0xffff_ffff - RESERVE - 1024 * 1024;

/** True where the file begins as a cabinet does. */
export async function isCab(source: Source): Promise<boolean> {
  if (source.size < HEADER + FOLDER) return false;
  return view(await source.read(0, 4)).getUint32(0) === 0x4d534346;
}

/**
 * Reads header and folders of a cabinet. Throws `format.malformed` where they are damaged, reach past the end or leave bytes that
 * no signature covers, `format.unsupported` for cabinets of a set and for reserved areas of others, `format.too_large`.
 */
export async function readCabLayout(source: Source): Promise<CabLayout> {
  if (!(await isCab(source))) throw malformed('has no cabinet header');
  if (source.size > MAX_SIZE) throw new OriginSignError('format.too_large', 'Cabinets end below 4 GiB.');
  const header = view(await source.read(0, HEADER));
  const flags = checkedFlags(header);
  const reserved = (flags & FLAG_RESERVE) !== 0;
  if (reserved && source.size < HEADER + RESERVE) throw malformed('ends inside its header');
  const end = header.getUint32(8, true);
  const reserve = view(reserved ? await source.read(HEADER, RESERVE) : emptyReserve());
  const signature = reserved ? readReserve(reserve, end) : undefined;
  const headerEnd = HEADER + (reserved ? RESERVE : 0);
  const start = headerEnd + header.getUint16(26, true) * FOLDER;
  if (start > source.size) throw malformed('ends inside its header');
  if (header.getUint32(16, true) !== start)
    throw malformed('has its list of files in another place than behind its folders');
  if ((signature === undefined ? end : end + signature.length) !== source.size) {
    throw malformed('is not as long as its header says');
  }
  const folders = await source.read(headerEnd, start - headerEnd);
  const shift = reserved ? 0 : RESERVE;
  checkFolders(view(folders), start, end);
  return {
    head: headOf(header, folders, shift),
    body: { start, end },
    ...(signature === undefined ? {} : { signature }),
  };
}

function checkedFlags(header: DataView): number {
  // Neither of these bytes is in the digest that verifiers compute.
  if (header.getUint32(4, true) !== 0) throw malformed('has a reserved field that is not zero');
  if (header.getUint16(24, true) !== 0x0103) throw unsupported('is not of version 1.3');
  const flags = header.getUint16(30, true);
  if (flags > (FLAGS_SET | FLAG_RESERVE)) throw malformed('has unknown flags');
  // Of its number in the set, some verifiers digest the two bytes and others do not.
  if ((flags & FLAGS_SET) !== 0 || header.getUint16(34, true) !== 0) throw unsupported('belongs to a set of cabinets');
  if (header.getUint16(26, true) === 0) throw malformed('has no folders');
  return flags;
}

/** The reserve of a cabinet that has place for a signature: sizes 20, 0 and 0, and the mark that a signature makes. */
function emptyReserve(): Uint8Array {
  const reserve = new DataView(new ArrayBuffer(RESERVE));
  reserve.setUint16(0, RESERVE - 4, true);
  reserve.setUint32(4, 0x0010_0000, true);
  return new Uint8Array(reserve.buffer);
}

function readReserve(reserve: DataView, end: number): CabLayout['signature'] {
  const expected = view(emptyReserve());
  if (reserve.getUint32(0) !== expected.getUint32(0) || reserve.getUint32(4) !== expected.getUint32(4)) {
    throw unsupported('reserves space for something other than a signature');
  }
  if (reserve.getUint32(16) !== 0 || reserve.getUint32(20) !== 0) throw malformed('hides data in its reserve');
  const offset = reserve.getUint32(SIGNATURE_OFFSET - HEADER, true);
  const length = reserve.getUint32(SIGNATURE_LENGTH - HEADER, true);
  if (offset === 0 && length === 0) return undefined;
  if (offset !== end || length === 0) throw malformed('has a signature of impossible position or length');
  return { offset, length };
}

function checkFolders(folders: DataView, start: number, end: number): void {
  for (let offset = 0; offset < folders.byteLength; offset += FOLDER) {
    const data = folders.getUint32(offset, true);
    if (data < start || data > end) throw malformed('has a folder outside of its content');
  }
}

function headOf(header: DataView, folders: Uint8Array, shift: number): Uint8Array {
  const head = new Uint8Array(HEADER + RESERVE + folders.length);
  head.set(new Uint8Array(header.buffer, header.byteOffset, HEADER));
  head.set(emptyReserve(), HEADER);
  head.set(folders, HEADER + RESERVE);
  const fields = view(head);
  const move = (at: number) => fields.setUint32(at, fields.getUint32(at, true) + shift, true);
  move(8);
  move(16);
  for (let at = HEADER + RESERVE; at < head.length; at += FOLDER) move(at);
  fields.setUint16(30, FLAG_RESERVE, true);
  return head;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(what: string): OriginSignError {
  return new OriginSignError('format.malformed', `The cabinet ${what}.`);
}

function unsupported(what: string): OriginSignError {
  return new OriginSignError('format.unsupported', `The cabinet ${what}.`);
}
