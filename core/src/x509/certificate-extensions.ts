import { Tag } from '../encoding/der.ts';
import { derError, oidText, readDer, sequenceCursor, smallInteger, type DerValue } from '../encoding/der-reader.ts';

/** One extension as it stands in a certificate. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's own type. */
  readonly value: Uint8Array;
}

/** RFC 5280 section 4.2.1.9. */
export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many more intermediates may follow below; no limit where left out. */
  readonly pathLength?: number;
}

/** Bits of RFC 5280 section 4.2.1.3, in their order. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** One use that a certificate allows its key. */
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Reads the Extensions SEQUENCE; throws `der.malformed`, also for an extension that is there twice. */
export function readExtensions(value: DerValue): readonly Extension[] {
  const extensions = sequenceCursor(value)
    .rest()
    .map((item) => {
      const parts = sequenceCursor(item);
      const oid = oidText(parts.take());
      const critical = parts.takeIf(Tag.boolean);
      const octets = parts.take(Tag.octetString);
      parts.end();
      // DER leaves out a FALSE that is the default.
      if (critical !== undefined && critical.raw[2] !== 0xff) throw derError('a BOOLEAN that DER does not allow');
      return { oid, critical: critical !== undefined, value: octets.contents };
    });
  if (extensions.length === 0) throw derError('an empty list of extensions');
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length) throw derError('an extension twice');
  return extensions;
}

/** Reads BasicConstraints; throws `der.malformed`. */
export function readBasicConstraints(bytes: Uint8Array): BasicConstraints {
  const parts = sequenceCursor(readDer(bytes));
  const authority = parts.takeIf(Tag.boolean);
  // Many real certificates spell out the default FALSE.
  if (authority !== undefined && ![0, 0xff].includes(authority.contents[0] ?? 1)) throw derError('an odd BOOLEAN');
  const isAuthority = authority?.contents[0] === 0xff;
  const pathLength = parts.takeIf(Tag.integer);
  parts.end();
  if (pathLength === undefined) return { isAuthority };
  if (!isAuthority) throw derError('a path length without an authority');
  return { isAuthority, pathLength: smallInteger(pathLength) };
}

/** Reads KeyUsage; throws `der.malformed`. */
export function readKeyUsage(bytes: Uint8Array): ReadonlySet<KeyUsage> {
  const { tag, contents } = readDer(bytes);
  const [unused = 8, ...octets] = contents;
  if (tag !== Tag.bitString || unused > 7 || octets.length === 0) throw derError('expected a BIT STRING of key usages');
  return new Set(KEY_USAGES.filter((_, bit) => (((octets[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0));
}

/** Reads ExtKeyUsage as dotted identifiers; throws `der.malformed`. */
export function readExtendedKeyUsage(bytes: Uint8Array): readonly string[] {
  const usages = sequenceCursor(readDer(bytes)).rest().map(oidText);
  if (usages.length === 0) throw derError('an empty list of extended key usages');
  return usages;
}
