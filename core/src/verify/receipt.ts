import { equalCoveredDigests, parseCoveredDigest } from '../attestation/covered-digest.ts';
import { sha256, sha256Hex } from '../encoding/sha256.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import type { VerifiedSignature } from '../formats/format.ts';
import { findRecord, type VerifiedReceipt } from '../log/receipt.ts';
import type { ArtifactRecord } from '../log/records.ts';
import { parseTlogProof } from '../log/tlog-proof.ts';
import type { Signer } from './report.ts';

/**
 * The candidate to verify: one that carries the SHA-256 of this signature, else the first. The choice believes nothing, a wrong
 * one only fails later. Throws `verify.receipt_missing` where there is none.
 */
export function chooseReceipt(candidates: readonly Uint8Array[], signature: VerifiedSignature | undefined): Uint8Array {
  const [first] = candidates;
  if (first === undefined) {
    throw new OriginSignError('verify.receipt_missing', 'There is no receipt for the file.', {
      hint: 'keep originsign-*.tlog-proof beside the file, or give its path',
    });
  }
  return (signature === undefined ? undefined : candidates.find((bytes) => mentions(bytes, signature))) ?? first;
}

/** What has to agree. */
export interface RecordClaim {
  readonly receipt: VerifiedReceipt;
  readonly signature: VerifiedSignature;
  readonly signer: Signer;
}

/**
 * Checks that the receipt has a record of this very signature: value, format, covered digest and key all the same. Throws
 * `verify.not_in_receipt`.
 */
export function verifyRecord({ receipt, signature, signer }: RecordClaim): ArtifactRecord {
  const record = findRecord(receipt, sha256(signature.signature));
  if (record.format !== signature.format) throw differs('format');
  if (!equalCoveredDigests(parseCoveredDigest(record.coveredDigest), signature.coveredDigest)) throw differs('digest');
  if (record.key.spkiSha256 !== signer.spkiSha256) throw differs('key');
  return record;
}

function differs(what: string): OriginSignError {
  return new OriginSignError(
    'verify.not_in_receipt',
    `The receipt has the signature under another ${what} than the file.`,
  );
}

function mentions(bytes: Uint8Array, signature: VerifiedSignature): boolean {
  try {
    const { extra } = parseTlogProof(bytes);
    return extra !== undefined && Buffer.from(extra).includes(sha256Hex(signature.signature));
  } catch (error) {
    if (isOriginSignError(error)) return false;
    throw error;
  }
}
