import { sha256Hex } from '@originsign/core/encoding/sha256';
import { digestMap } from '@originsign/core/attestation/covered-digest';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import type { ArtifactRecord, IntentRecord } from '@originsign/core/log/records';
import { toBeSignedHash, type PreparedArtifact } from './prepare.ts';

/** What an INTENT entry commits to: the exact bytes that the HSM is about to sign, and with which key. */
export function intentRecords(
  statement: SigningRequestStatement,
  prepared: readonly PreparedArtifact[],
): readonly IntentRecord[] {
  return prepared.map(({ position, name, format, key, structure, toBeSigned }) => ({
    position,
    name,
    format: format.id,
    coveredDigest: coveredDigestAt(statement, position),
    key: { label: key.label, spkiSha256: sha256Hex(key.spki) },
    toBeSignedSha256: toBeSignedHash(toBeSigned),
    structureSha256: sha256Hex(structure),
  }));
}

/** One finished signature. */
export interface FinishedArtifact extends PreparedArtifact {
  /** Signature value. */
  readonly signature: Uint8Array;
  readonly timestamp: { readonly token: Uint8Array; readonly time: Date } | undefined;
  /** What the client embeds. */
  readonly block: Uint8Array;
}

/** What a RESULT entry commits to, and a receipt carries: this very signature over this very digest. */
export function resultRecords(
  statement: SigningRequestStatement,
  finished: readonly FinishedArtifact[],
): readonly ArtifactRecord[] {
  return finished.map(({ position, name, format, key, signature, timestamp, block }) => ({
    position,
    name,
    format: format.id,
    coveredDigest: coveredDigestAt(statement, position),
    key: { label: key.label, spkiSha256: sha256Hex(key.spki) },
    signatureSha256: sha256Hex(signature),
    blockSha256: sha256Hex(block),
    ...(timestamp === undefined ? {} : { timestamp: timestamp.time.toISOString() }),
  }));
}

function coveredDigestAt(statement: SigningRequestStatement, position: number): Record<string, string> {
  const subject = statement.subjects[position];
  if (subject === undefined) throw new TypeError('An artifact without a subject.');
  return { ...digestMap(subject.coveredDigest) };
}
