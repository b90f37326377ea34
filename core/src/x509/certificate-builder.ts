import { createHash } from 'node:crypto';
import {
  der,
  derBitString,
  derBoolean,
  derContext,
  derContextPrimitive,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derTime,
  Tag,
} from '../encoding/der.ts';
import { readDer, sequenceCursor } from '../encoding/der-reader.ts';
import { KEY_USAGES, type KeyUsage } from './certificate-extensions.ts';
import type { KeyType } from './key-type.ts';
import { Oid } from './oids.ts';
import { wholeBits } from './public-key.ts';
import { encodeSignatureAlgorithm } from './signature-algorithm.ts';

/** What a certificate will say. Names are DER, as `encodeName` makes them. */
export interface CertificateContents {
  /** Unsigned big-endian, at most 20 bytes, with 64 random bits or more. */
  readonly serialNumber: Uint8Array;
  readonly issuer: Uint8Array;
  /** Type of the key that will sign. */
  readonly issuerKeyType: KeyType;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  /** Encoded extensions. */
  readonly extensions: readonly Uint8Array[];
}

/** DER TBSCertificate, version 3: the bytes that the issuer signs. RFC 5280 section 4.1.2. */
export function encodeTbsCertificate(contents: CertificateContents): Uint8Array {
  return derSequence(
    derContext(0, derInteger(2)),
    derInteger(contents.serialNumber),
    encodeSignatureAlgorithm(contents.issuerKeyType),
    contents.issuer,
    derSequence(derTime(contents.notBefore), derTime(contents.notAfter)),
    contents.subject,
    contents.spki,
    derContext(3, derSequence(...contents.extensions)),
  );
}

/** DER Certificate of a TBSCertificate and the issuer's signature over it. */
export function encodeCertificate(tbs: Uint8Array, issuerKeyType: KeyType, signature: Uint8Array): Uint8Array {
  return derSequence(tbs, encodeSignatureAlgorithm(issuerKeyType), derBitString(signature));
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

/** BasicConstraints, critical. */
export function encodeBasicConstraints(isAuthority: boolean, pathLength?: number): Uint8Array {
  const length = pathLength === undefined ? [] : [derInteger(pathLength)];
  return extension(Oid.basicConstraints, true, derSequence(...(isAuthority ? [derBoolean(true), ...length] : [])));
}

/** KeyUsage, critical. */
export function encodeKeyUsage(...usages: readonly KeyUsage[]): Uint8Array {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(...bits);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return extension(Oid.keyUsage, true, der(Tag.bitString, Uint8Array.of(7 - (last & 7)), octets));
}

/** ExtKeyUsage; timestamp authorities need it critical, publishers have it not. */
export function encodeExtendedKeyUsage(critical: boolean, ...usages: readonly string[]): Uint8Array {
  return extension(Oid.extendedKeyUsage, critical, derSequence(...usages.map(derOid)));
}

/** SubjectKeyIdentifier of this key. */
export function encodeSubjectKeyIdentifier(spki: Uint8Array): Uint8Array {
  return extension(Oid.subjectKeyIdentifier, false, derOctetString(keyIdentifier(spki)));
}

/** AuthorityKeyIdentifier that names the issuer's key. */
export function encodeAuthorityKeyIdentifier(issuerSpki: Uint8Array): Uint8Array {
  return extension(Oid.authorityKeyIdentifier, false, derSequence(derContextPrimitive(0, keyIdentifier(issuerSpki))));
}

/** First 160 bits of the SHA-256 of the key: method 1 of RFC 7093 section 2. */
function keyIdentifier(spki: Uint8Array): Uint8Array {
  const parts = sequenceCursor(readDer(spki));
  parts.take();
  return createHash('sha256').update(wholeBits(parts.take())).digest().subarray(0, 20);
}
