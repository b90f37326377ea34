import { readDer, sequenceCursor, oidText, unsignedBytes, type DerValue } from '../encoding/der-reader.ts';
import { Tag } from '../encoding/der.ts';
import { OriginSignError } from '../errors/error.ts';
import { Oid } from './oids.ts';

/** What a SubjectPublicKeyInfo holds. */
export type PublicKeyInfo =
  | { readonly algorithm: 'rsa'; readonly bits: number; readonly modulusLength: number }
  | { readonly algorithm: 'ec'; readonly curve: 'p-256' | 'p-384' | 'p-521'; readonly point: Uint8Array }
  | { readonly algorithm: 'ed25519' };

const CURVES = {
  [Oid.p256]: { curve: 'p-256', pointLength: 65 },
  [Oid.p384]: { curve: 'p-384', pointLength: 97 },
  [Oid.p521]: { curve: 'p-521', pointLength: 133 },
} as const;

/**
 * Reads a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7): RSA of 2,048 to 8,192 bits (RFC 8017), an uncompressed point on
 * P-256, P-384 or P-521 (RFC 5480) or Ed25519 (RFC 8410). Throws `der.malformed`, or `format.key_type` for any other key.
 */
export function parsePublicKey(spki: Uint8Array): PublicKeyInfo {
  const outer = sequenceCursor(readDer(spki));
  const algorithm = sequenceCursor(outer.take());
  const key = wholeBits(outer.take(Tag.bitString));
  outer.end();
  const oid = oidText(algorithm.take());
  const parameters = algorithm.rest();
  if (parameters.length > 1) throw unsupported('has odd parameters');
  if (oid === Oid.rsaEncryption) return rsaKey(key, parameters[0]);
  if (oid === Oid.ecPublicKey) return ecKey(key, parameters[0]);
  if (oid === Oid.ed25519 && parameters.length === 0 && key.length === 32) return { algorithm: 'ed25519' };
  throw unsupported(`has the algorithm ${oid}`);
}

function rsaKey(key: Uint8Array, parameters: DerValue | undefined): PublicKeyInfo {
  if (parameters?.tag !== Tag.null || parameters.contents.length !== 0) throw unsupported('has odd parameters');
  const numbers = sequenceCursor(readDer(key));
  const modulus = unsignedBytes(numbers.take());
  const exponent = unsignedBytes(numbers.take());
  numbers.end();
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048 || bits > 8192) throw unsupported(`is an RSA key of ${bits} bits`);
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  // With an exponent as small as 3, sloppy padding checks elsewhere have let signatures be forged.
  if (!odd || exponent.length > 4 || Number(Buffer.from(exponent).readUIntBE(0, exponent.length)) < 65537) {
    throw unsupported('is an RSA key with an exponent that is even, below 65537 or huge');
  }
  return { algorithm: 'rsa', bits, modulusLength: modulus.length };
}

function ecKey(point: Uint8Array, parameters: DerValue | undefined): PublicKeyInfo {
  const oid = parameters === undefined ? '' : oidText(parameters);
  const known = (CURVES as Readonly<Record<string, (typeof CURVES)[keyof typeof CURVES]>>)[oid];
  if (known === undefined) throw unsupported(`is on the curve ${oid}`);
  if (point.length !== known.pointLength || point[0] !== 4) throw unsupported('has a point that is not uncompressed');
  return { algorithm: 'ec', curve: known.curve, point };
}

/** Octets of a BIT STRING without unused bits; throws `der.malformed`. */
export function wholeBits(value: DerValue): Uint8Array {
  if (value.tag !== Tag.bitString || value.contents[0] !== 0) {
    throw new OriginSignError('der.malformed', 'The DER is malformed: expected a BIT STRING of whole octets.');
  }
  return value.contents.subarray(1);
}

function unsupported(what: string): OriginSignError {
  return new OriginSignError('format.key_type', `The public key ${what}, which is not supported.`);
}
