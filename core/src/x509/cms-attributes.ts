import { der, derOctetString, derOid, derSequence, derSetOf, derTime, Tag } from '../encoding/der.ts';
import { derError, oidText, readDer, readDerAll, sequenceCursor, type DerValue } from '../encoding/der-reader.ts';
import { Oid } from './oids.ts';

/** Attributes of a signer by identifier; each has exactly one value. */
export type CmsAttributes = ReadonlyMap<string, DerValue>;

/** One Attribute (RFC 5652 section 5.3) with one DER value. */
export function encodeAttribute(oid: string, value: Uint8Array): Uint8Array {
  return derSequence(derOid(oid), derSetOf(value));
}

/** What every signer attests: type and digest of the content. */
export function encodeContentAttributes(contentType: string, messageDigest: Uint8Array): readonly Uint8Array[] {
  return [
    encodeAttribute(Oid.contentType, derOid(contentType)),
    encodeAttribute(Oid.messageDigest, derOctetString(messageDigest)),
  ];
}

/** The signer's own word on the time; nobody checks it. RFC 5652 section 11.3. */
export function encodeSigningTime(time: Date): Uint8Array {
  return encodeAttribute(Oid.signingTime, derTime(time));
}

/**
 * The bytes that a signer signs: DER of the SET OF attributes under its universal tag (RFC 5652 section 5.4). In the structure
 * the same bytes stand under the tag [0].
 */
export function encodeSignedAttributes(attributes: readonly Uint8Array[]): Uint8Array {
  return derSetOf(...attributes);
}

/** The attributes under another tag: `[0]` signed, `[1]` unsigned. */
export function retagAttributes(attributes: Uint8Array, tag: number): Uint8Array {
  const { tag: found, contents } = readDer(attributes);
  if (found !== Tag.set) throw derError('expected a SET of attributes');
  return der(tag, contents);
}

/** Reads the contents of a SET of attributes; throws `der.malformed` for an attribute that is there twice or has not one value. */
export function readAttributes(contents: Uint8Array): CmsAttributes {
  const attributes = new Map<string, DerValue>();
  for (const item of readDerAll(contents)) {
    const parts = sequenceCursor(item);
    const oid = oidText(parts.take());
    const [value, ...others] = readDerAll(parts.take(Tag.set).contents);
    parts.end();
    if (value === undefined || others.length > 0) throw derError(`the attribute ${oid} does not have one value`);
    // Two message digests would let each verifier believe another.
    if (attributes.has(oid)) throw derError(`the attribute ${oid} is there twice`);
    attributes.set(oid, value);
  }
  return attributes;
}
