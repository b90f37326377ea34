import { Tag } from '../encoding/der.ts';
import {
  type DerCursor,
  derError,
  readDer,
  readDerTime,
  sequenceCursor,
  type DerValue,
} from '../encoding/der-reader.ts';
import { encodeHex } from '../encoding/hex.ts';
import {
  readBasicConstraints,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  type BasicConstraints,
  type Extension,
  type KeyUsage,
} from './certificate-extensions.ts';
import { nameText } from './name.ts';
import { Oid } from './oids.ts';
import { wholeBits } from './public-key.ts';

/** An X.509 certificate, read but not yet believed. Byte fields are views into `der`. */
export interface Certificate {
  /** The whole certificate. */
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  /** DER AlgorithmIdentifier of the issuer's signature. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** Contents of the serial number INTEGER. */
  readonly serialNumber: Uint8Array;
  /** DER Names; the texts are RFC 4514. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly issuerText: string;
  readonly subjectText: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly basicConstraints?: BasicConstraints;
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectKeyIdentifier?: Uint8Array;
}

/** Largest certificate that is looked at; real ones are below 4 KiB. */
const MAX_CERTIFICATE = 64 * 1024;

/** Reads one DER certificate (RFC 5280 section 4.1), version 3 or an old root's version 1. Throws `der.malformed`. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > MAX_CERTIFICATE) throw derError('a certificate too large');
  const outer = sequenceCursor(readDer(bytes));
  const tbs = outer.take(Tag.sequence);
  const algorithm = outer.take(Tag.sequence);
  const signature = wholeBits(outer.take());
  outer.end();
  const fields = readTbs(tbs);
  // RFC 5280 section 4.1.1.2: the algorithm outside the signature must be the one inside.
  if (Buffer.compare(fields.algorithm, algorithm.raw) !== 0) throw derError('two different signature algorithms');
  const { algorithm: _, ...rest } = fields;
  return { der: bytes, tbs: tbs.raw, signatureAlgorithm: algorithm.raw, signature, ...rest };
}

function readTbs(tbs: DerValue) {
  const parts = sequenceCursor(tbs);
  const version = readVersion(parts.takeIf(0xa0));
  const serialNumber = parts.take(Tag.integer).contents;
  const algorithm = parts.take(Tag.sequence).raw;
  const issuer = parts.take(Tag.sequence).raw;
  const validity = sequenceCursor(parts.take());
  const notBefore = readDerTime(validity.take());
  const notAfter = readDerTime(validity.take());
  validity.end();
  const subject = parts.take(Tag.sequence).raw;
  const spki = parts.take(Tag.sequence).raw;
  const extensions = version < 3 ? [] : readOptionalParts(parts);
  parts.end();
  if (serialNumber.length === 0 || serialNumber.length > 21) throw derError('a serial number of odd length');
  const texts = { issuerText: nameText(issuer), subjectText: nameText(subject) };
  const identity = { algorithm, serialNumber, issuer, subject, ...texts, notBefore, notAfter, spki };
  return { ...identity, extensions, ...readKnownExtensions(extensions) };
}

function readVersion(value: DerValue | undefined): number {
  if (value === undefined) return 1;
  const { tag, contents } = readDer(value.contents);
  if (tag !== Tag.integer || contents.length !== 1 || contents[0] !== 2)
    throw derError('a certificate version that is not 3');
  return 3;
}

function readOptionalParts(parts: DerCursor): readonly Extension[] {
  parts.takeIf(0x81);
  parts.takeIf(0x82);
  const extensions = parts.takeIf(0xa3);
  return extensions === undefined ? [] : readExtensions(readDer(extensions.contents));
}

function readKnownExtensions(extensions: readonly Extension[]) {
  const read = <T>(oid: string, parse: (bytes: Uint8Array) => T): T | undefined => {
    const extension = extensions.find((candidate) => candidate.oid === oid);
    return extension === undefined ? undefined : parse(extension.value);
  };
  const basicConstraints = read(Oid.basicConstraints, readBasicConstraints);
  const keyUsage = read(Oid.keyUsage, readKeyUsage);
  const extendedKeyUsage = read(Oid.extendedKeyUsage, readExtendedKeyUsage);
  const subjectKeyIdentifier = read(Oid.subjectKeyIdentifier, readKeyIdentifier);
  return {
    ...(basicConstraints === undefined ? {} : { basicConstraints }),
    ...(keyUsage === undefined ? {} : { keyUsage }),
    ...(extendedKeyUsage === undefined ? {} : { extendedKeyUsage }),
    ...(subjectKeyIdentifier === undefined ? {} : { subjectKeyIdentifier }),
  };
}

function readKeyIdentifier(bytes: Uint8Array): Uint8Array {
  const { tag, contents } = readDer(bytes);
  if (tag !== Tag.octetString) throw derError('expected a key identifier');
  return contents;
}

/** Serial number as people compare it: lower-case hexadecimal of the INTEGER. */
export function serialText(certificate: Certificate): string {
  return encodeHex(certificate.serialNumber);
}
