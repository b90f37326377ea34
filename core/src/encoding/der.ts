import { concatBytes, utf8 } from './bytes.ts';

/** Tags of the universal types that signatures use. X.680 section 8. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One DER value: identifier octet, definite length, contents. X.690 section 10. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag), derLength(body.length), body);
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

/** SEQUENCE of already encoded values. */
export function derSequence(...items: readonly Uint8Array[]): Uint8Array {
  return der(Tag.sequence, ...items);
}

/** SET OF already encoded values, sorted as DER asks (X.690 section 11.6). */
export function derSetOf(...items: readonly Uint8Array[]): Uint8Array {
  return der(Tag.set, ...[...items].sort((left, right) => Buffer.compare(left, right)));
}

/** `[number] EXPLICIT` or, for a constructed value, the wrapper around its parts. */
export function derContext(number: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return der(0xa0 | number, ...contents);
}

/** `[number] IMPLICIT` of a primitive type: contents without their own tag. */
export function derContextPrimitive(number: number, contents: Uint8Array): Uint8Array {
  return der(0x80 | number, contents);
}

/** OBJECT IDENTIFIER in dotted form. */
export function derOid(dotted: string): Uint8Array {
  const misuse = new TypeError(`Not an object identifier: ${dotted}`);
  if (!/^[012](?:\.\d+)+$/.test(dotted)) throw misuse;
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  if (first < 2n && second > 39n) throw misuse;
  const octets = [first * 40n + second, ...rest].flatMap(base128);
  return der(Tag.objectIdentifier, Uint8Array.from(octets));
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

/** INTEGER of a number, or of unsigned big-endian bytes. */
export function derInteger(value: number | bigint | Uint8Array): Uint8Array {
  const octets = value instanceof Uint8Array ? [...value] : unsignedOctets(BigInt(value));
  while (octets.length > 1 && octets[0] === 0) octets.shift();
  if (octets.length === 0) octets.push(0);
  if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
  return der(Tag.integer, Uint8Array.from(octets));
}

function unsignedOctets(value: bigint): number[] {
  if (value < 0n) throw new TypeError('Negative integers have no use here.');
  const octets: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) octets.unshift(Number(rest & 0xffn));
  return octets;
}

/** BOOLEAN. */
export function derBoolean(value: boolean): Uint8Array {
  return der(Tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** OCTET STRING. */
export function derOctetString(bytes: Uint8Array): Uint8Array {
  return der(Tag.octetString, bytes);
}

/** BIT STRING of whole octets. */
export function derBitString(bytes: Uint8Array): Uint8Array {
  return der(Tag.bitString, Uint8Array.of(0), bytes);
}

/** NULL. */
export function derNull(): Uint8Array {
  return der(Tag.null);
}

/** UTF8String. */
export function derUtf8String(text: string): Uint8Array {
  return der(Tag.utf8String, utf8(text));
}

/** Time as RFC 5280 section 4.1.2.5 wants it: UTCTime until 2049, then GeneralizedTime; whole seconds, UTC. */
export function derTime(time: Date): Uint8Array {
  const digits = time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return time.getUTCFullYear() < 2050 && time.getUTCFullYear() >= 1950
    ? der(Tag.utcTime, utf8(digits.slice(2)))
    : der(Tag.generalizedTime, utf8(digits));
}
