import { parseBundle } from '../../attestation/bundle.ts';
import { equalBytes } from '../../encoding/bytes.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { sha256 } from '../../encoding/sha256.ts';
import { OriginSignError } from '../../errors/error.ts';
import { parseTimestampResponse } from '../../x509/timestamp-protocol.ts';
import type { BesideReader, Source, VerifiedSignature } from '../format.ts';
import { hashSource } from '../source-chunks.ts';
import { MAX_CONTENT } from './options.ts';

/** Extensions of the files beside the signed one. */
export const SIGNATURE_EXTENSION = '.sig';
export const BUNDLE_EXTENSION = '.sigstore.json';

/** Longest signature value: RSA-4096. */
const MAX_SIGNATURE = 512;

/**
 * The signature beside a file; a bundle counts before a plain signature. A raw signature carries no key, so that only `verifiesUnder`
 * says whether it verifies. Throws `verify.digest` for a bundle of another file, `verify.signature`, `bundle.malformed`.
 */
export async function verifyRaw(source: Source, beside: BesideReader): Promise<VerifiedSignature | undefined> {
  const bundle = await beside(BUNDLE_EXTENSION);
  const plain = bundle === undefined ? await beside(SIGNATURE_EXTENSION) : undefined;
  if (bundle === undefined && plain === undefined) return undefined;
  const message = source.size <= MAX_CONTENT ? await source.read(0, source.size) : undefined;
  const digest = message === undefined ? await hashSource(source) : sha256(message);
  const { signature, timestampToken } = bundle === undefined ? plainSignature(plain) : bundleSignature(bundle, digest);
  return {
    format: 'raw',
    coveredDigest: { algorithm: 'sha256', value: encodeHex(digest) },
    signature,
    certificates: [],
    signed: { digest, ...(message === undefined ? {} : { message }) },
    ...(timestampToken === undefined ? {} : { timestampToken }),
  };
}

interface FoundSignature {
  readonly signature: Uint8Array;
  readonly timestampToken?: Uint8Array;
}

function plainSignature(signature: Uint8Array | undefined): FoundSignature {
  if (signature === undefined || signature.length === 0 || signature.length > MAX_SIGNATURE) {
    throw new OriginSignError('verify.signature', 'The signature file does not hold a signature value.');
  }
  return { signature };
}

function bundleSignature(text: Uint8Array, digest: Uint8Array): FoundSignature {
  const { content, timestamps } = parseBundle(text);
  if (content.kind !== 'message') {
    throw new OriginSignError('verify.signature', 'The bundle beside the file signs a statement and not the file.');
  }
  if (!equalBytes(content.sha256, digest)) {
    throw new OriginSignError('verify.digest', 'The bundle beside the file is for another file.');
  }
  const [timestamp] = timestamps;
  if (timestamp === undefined) return { signature: content.signature };
  return { signature: content.signature, timestampToken: parseTimestampResponse(timestamp) };
}
