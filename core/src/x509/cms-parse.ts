import { Tag } from '../encoding/der.ts';
import {
  type DerCursor,
  derError,
  oidText,
  readDer,
  readDerAll,
  sequenceCursor,
  smallInteger,
  type DerValue,
} from '../encoding/der-reader.ts';
import { readAttributes, type CmsAttributes } from './cms-attributes.ts';
import { Oid, type DigestName } from './oids.ts';
import { readDigestAlgorithm } from './signature-algorithm.ts';

/** How a SignerInfo points at its certificate. */
export type SignerIdentifier =
  { readonly issuer: Uint8Array; readonly serialNumber: Uint8Array } | { readonly keyIdentifier: Uint8Array };

/** One SignerInfo (RFC 5652 section 5.3), read but not yet believed. */
export interface SignerInfo {
  readonly identifier: SignerIdentifier;
  readonly digest: DigestName;
  /** The bytes that were signed: the attributes under their universal SET tag. */
  readonly signedAttributesBytes: Uint8Array;
  readonly signedAttributes: CmsAttributes;
  /** DER AlgorithmIdentifier. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: CmsAttributes;
}

/** A SignedData (RFC 5652 section 5.1) with exactly one signer, read but not yet believed. */
export interface SignedData {
  readonly contentType: string;
  /** The value inside the `[0] EXPLICIT` of the content; absent in detached signatures. */
  readonly content?: DerValue;
  /** DER certificates in the order of the structure. */
  readonly certificates: readonly Uint8Array[];
  readonly signer: SignerInfo;
}

/** Largest structure that is looked at; real ones are below 32 KiB. */
export const MAX_SIGNED_DATA = 1024 * 1024;

/**
 * Reads a DER ContentInfo with a SignedData of exactly one signer, who has signed attributes. Throws `der.malformed`, or
 * `format.unsupported` for digest algorithms outside SHA-2.
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  if (bytes.length > MAX_SIGNED_DATA) throw derError('a signature too large');
  const contentInfo = sequenceCursor(readDer(bytes));
  if (oidText(contentInfo.take()) !== Oid.signedData) throw derError('expected a SignedData');
  const signedData = sequenceCursor(readDer(contentInfo.take(0xa0).contents));
  contentInfo.end();
  if (![1, 3, 4, 5].includes(smallInteger(signedData.take()))) throw derError('an unknown version of SignedData');
  signedData.take(Tag.set);
  const { contentType, content } = readContent(signedData.take());
  const certificates = readDerAll(signedData.takeIf(0xa0)?.contents ?? new Uint8Array());
  signedData.takeIf(0xa1);
  const signers = readDerAll(signedData.take(Tag.set).contents);
  signedData.end();
  const [signer] = signers;
  // With two signers, one verifier would report the first and another the second.
  if (signer === undefined || signers.length !== 1) throw derError('expected exactly one signer');
  const plain = certificates.filter(({ tag }) => tag === Tag.sequence).map(({ raw }) => raw);
  return {
    contentType,
    ...(content === undefined ? {} : { content }),
    certificates: plain,
    signer: readSigner(signer),
  };
}

function readContent(value: DerValue): { contentType: string; content?: DerValue } {
  const parts = sequenceCursor(value);
  const contentType = oidText(parts.take());
  const wrapper = parts.takeIf(0xa0);
  parts.end();
  return { contentType, ...(wrapper === undefined ? {} : { content: readDer(wrapper.contents) }) };
}

function readSigner(value: DerValue): SignerInfo {
  const parts = sequenceCursor(value);
  const version = smallInteger(parts.take());
  const identifier = readIdentifier(parts, version);
  const digest = readDigestAlgorithm(parts.take().raw);
  const signed = parts.take(0xa0);
  const signatureAlgorithm = parts.take(Tag.sequence).raw;
  const signature = parts.take(Tag.octetString).contents;
  const unsigned = parts.takeIf(0xa1);
  parts.end();
  const signedAttributesBytes = Uint8Array.from(signed.raw);
  signedAttributesBytes[0] = Tag.set;
  return {
    identifier,
    digest,
    signedAttributesBytes,
    signedAttributes: readAttributes(signed.contents),
    signatureAlgorithm,
    signature,
    unsignedAttributes: readAttributes(unsigned?.contents ?? new Uint8Array()),
  };
}

function readIdentifier(parts: DerCursor, version: number): SignerIdentifier {
  const keyIdentifier = parts.takeIf(0x80);
  if (version !== (keyIdentifier === undefined ? 1 : 3)) throw derError('an unknown version of SignerInfo');
  if (keyIdentifier !== undefined) return { keyIdentifier: keyIdentifier.contents };
  const pair = sequenceCursor(parts.take());
  const issuer = pair.take(Tag.sequence).raw;
  const serialNumber = pair.take(Tag.integer).contents;
  pair.end();
  return { issuer, serialNumber };
}
