import { createHash } from 'node:crypto';
import { equalBytes } from '../encoding/bytes.ts';
import { Tag } from '../encoding/der.ts';
import {
  derError,
  oidText,
  readDer,
  readDerTime,
  sequenceCursor,
  smallInteger,
  unsignedBytes,
} from '../encoding/der-reader.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import type { Certificate } from './certificate.ts';
import { readExtensions } from './certificate-extensions.ts';
import { verifyChain } from './chain.ts';
import { parseSignedData, type SignedData } from './cms-parse.ts';
import { verifySigner } from './cms-verify.ts';
import { Oid, type DigestName } from './oids.ts';
import { readDigestAlgorithm } from './signature-algorithm.ts';
import { namesSigningCertificate } from './signing-certificate.ts';

/** What a timestamp says, once it is verified. */
export interface Timestamp {
  /** The authority's time. */
  readonly time: Date;
  /** Dotted identifier of the authority's policy. */
  readonly policy: string;
  /** Serial number, lower-case hexadecimal. */
  readonly serialNumber: string;
  /** Name of the authority's certificate, RFC 4514. */
  readonly authority: string;
}

/** What a caller who made the request knows besides. */
export interface TimestampExpectation {
  /** The nonce of the request. */
  readonly nonce?: Uint8Array;
  /** The time must be within so many milliseconds of this one. */
  readonly near?: { readonly now: Date; readonly milliseconds: number };
}

interface TimestampInfo {
  readonly policy: string;
  readonly imprint: { readonly digest: DigestName; readonly value: Uint8Array };
  readonly serialNumber: Uint8Array;
  readonly time: Date;
  readonly nonce?: Uint8Array;
}

/**
 * Checks a DER TimeStampToken (RFC 3161 section 2.4.2) over these bytes: its imprint, its signature, ESSCertID, that the signer's
 * certificate is for timestamps alone (critical) and chains to one of the DER roots at the time the token states, and whatever
 * the caller expects besides. Throws `verify.timestamp`.
 */
export function verifyTimestampToken(
  token: Uint8Array,
  timestamped: Uint8Array,
  roots: readonly Uint8Array[],
  expected: TimestampExpectation = {},
): Timestamp {
  try {
    const signedData = parseSignedData(token);
    const content = contentOctets(signedData);
    const info = readTimestampInfo(content);
    checkInfo(info, timestamped, expected);
    const certificate = verifySigner(signedData, (digest) => createHash(digest).update(content).digest());
    checkAuthority(certificate, signedData);
    const purpose = { at: info.time, extendedKeyUsage: Oid.timeStamping };
    verifyChain(certificate.der, signedData.certificates, roots, purpose);
    const serialNumber = Buffer.from(info.serialNumber).toString('hex');
    return { time: info.time, policy: info.policy, serialNumber, authority: certificate.subjectText };
  } catch (cause) {
    if (!isOriginSignError(cause) || cause.code === 'verify.timestamp') throw cause;
    throw new OriginSignError('verify.timestamp', `The timestamp does not verify: ${cause.message}`, { cause });
  }
}

/** The time that a token states, without checking anything: for a person to read. Throws `der.malformed`. */
export function statedTimestampTime(token: Uint8Array): Date {
  return readTimestampInfo(contentOctets(parseSignedData(token))).time;
}

function contentOctets({ contentType, content }: SignedData): Uint8Array {
  if (contentType !== Oid.timestampInfo || content?.tag !== Tag.octetString) throw derError('expected a timestamp');
  return content.contents;
}

/** TSTInfo, RFC 3161 section 2.4.2. */
function readTimestampInfo(bytes: Uint8Array): TimestampInfo {
  const parts = sequenceCursor(readDer(bytes));
  if (smallInteger(parts.take()) !== 1) throw derError('an unknown version of TSTInfo');
  const policy = oidText(parts.take());
  const imprint = sequenceCursor(parts.take());
  const digest = readDigestAlgorithm(imprint.take().raw);
  const value = imprint.take(Tag.octetString).contents;
  imprint.end();
  const serialNumber = parts.take(Tag.integer).contents;
  const time = readDerTime(parts.take(Tag.generalizedTime));
  parts.takeIf(Tag.sequence);
  parts.takeIf(Tag.boolean);
  const nonce = parts.takeIf(Tag.integer);
  parts.takeIf(0xa0);
  const extensions = parts.takeIf(0xa1);
  if (
    extensions !== undefined &&
    readExtensions({ ...extensions, tag: Tag.sequence }).some(({ critical }) => critical)
  ) {
    throw derError('a critical extension that is not understood');
  }
  parts.end();
  const info = { policy, imprint: { digest, value }, serialNumber, time };
  return nonce === undefined ? info : { ...info, nonce: unsignedBytes(nonce) };
}

function checkInfo(info: TimestampInfo, timestamped: Uint8Array, expected: TimestampExpectation): void {
  const digest = createHash(info.imprint.digest).update(timestamped).digest();
  if (!equalBytes(digest, info.imprint.value)) throw failed('is for another signature');
  if (
    expected.nonce !== undefined &&
    !equalBytes(info.nonce ?? new Uint8Array(), withoutLeadingZeros(expected.nonce))
  ) {
    throw failed('answers another request');
  }
  const { near } = expected;
  if (near !== undefined && Math.abs(info.time.getTime() - near.now.getTime()) > near.milliseconds) {
    throw failed(`states the time ${info.time.toISOString()}, which is too far from now`);
  }
}

/** RFC 3161 section 2.3: critical, and for nothing else; section 2.4.2: the signer's certificate is named by its hash. */
function checkAuthority(certificate: Certificate, { signer }: SignedData): void {
  const extension = certificate.extensions.find(({ oid }) => oid === Oid.extendedKeyUsage);
  const isAlone = certificate.extendedKeyUsage?.join() === Oid.timeStamping;
  if (!isAlone || extension?.critical !== true)
    throw failed('comes from a certificate that is not for timestamps alone');
  if (!namesSigningCertificate(signer.signedAttributes, certificate.der)) {
    throw failed('does not name the certificate of its signer');
  }
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((octet) => octet !== 0);
  return start < 0 ? bytes.subarray(-1) : bytes.subarray(start);
}

function failed(what: string): OriginSignError {
  return new OriginSignError('verify.timestamp', `The timestamp ${what}.`);
}
