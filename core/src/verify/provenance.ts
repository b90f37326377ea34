import { parseBundle } from '../attestation/bundle.ts';
import { equalCoveredDigests, type CoveredDigest } from '../attestation/covered-digest.ts';
import { envelopePayload, STATEMENT_PAYLOAD_TYPE, verifyEnvelope, type Envelope } from '../attestation/dsse.ts';
import type { Provenance } from '../attestation/provenance.ts';
import { provenanceSha256 } from '../attestation/provenance-digest.ts';
import { parseProvenance } from '../attestation/provenance-reader.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import type { TrustFile } from '../protocol/trust-file.ts';
import { verifySignature } from '../x509/signature.ts';
import type { VerifiedReceipt } from '../log/receipt.ts';
import { isValidAt } from './validity.ts';

/** Provenance whose signature verified. */
export interface VerifiedProvenance {
  readonly statement: Provenance;
  /** SHA-256 of the payload bytes that were verified, lower-case hexadecimal. */
  readonly payloadSha256: string;
}

/**
 * Verifies one Sigstore bundle with provenance under a key that the trust file names for the time. Throws
 * `verify.provenance`, `bundle.malformed` and the codes of envelopes and strict JSON.
 */
export function verifyProvenance(bytes: Uint8Array, trust: TrustFile, at: Date): VerifiedProvenance {
  const envelope = envelopeOf(bytes);
  const payload = verifyEnvelope(envelope, STATEMENT_PAYLOAD_TYPE, (encoding, signature) =>
    trust.provenanceKeys
      .filter((key) => isValidAt(key, at))
      .some(({ spki }) => verifySignature(decodeBase64(spki), { kind: 'message', bytes: encoding }, signature)),
  );
  return { statement: parseProvenance(payload), payloadSha256: provenanceSha256(envelope) };
}

/** What has to agree. */
export interface BindingClaim {
  readonly provenance: VerifiedProvenance;
  readonly receipt: VerifiedReceipt;
  readonly signature: { readonly coveredDigest: CoveredDigest };
}

/**
 * Checks that the provenance is the one that the log entry names, that it is of the same request, and that it speaks of this
 * covered digest. Throws `verify.provenance`.
 */
export function verifyBinding({ provenance, receipt, signature }: BindingClaim): void {
  const { statement, payloadSha256 } = provenance;
  const covered = signature.coveredDigest;
  if (payloadSha256 !== receipt.entry.provenanceSha256) {
    throw new OriginSignError('verify.provenance', 'The provenance is not the one that the log entry names.');
  }
  if (statement.request.id !== receipt.entry.requestId) {
    throw new OriginSignError('verify.provenance', 'The provenance is of another signing request than the log entry.');
  }
  if (!statement.subjects.some(({ coveredDigest }) => equalCoveredDigests(coveredDigest, covered))) {
    throw new OriginSignError(
      'verify.provenance',
      'The provenance does not speak of the digest that the signature covers.',
    );
  }
}

/**
 * The candidate to verify: the one that the log entry names, else one that speaks of the digest, else the first. The choice
 * believes nothing, a wrong one only fails later. Throws `verify.provenance_missing` where there is none.
 */
export function chooseProvenance(
  candidates: readonly Uint8Array[],
  receipt: VerifiedReceipt | undefined,
  covered: CoveredDigest | undefined,
): Uint8Array {
  const [first] = candidates;
  if (first === undefined) {
    throw new OriginSignError('verify.provenance_missing', 'There is no provenance for the file.', {
      hint: 'keep originsign-*.provenance.sigstore.json beside the file, or give its path',
    });
  }
  const envelopes = candidates.flatMap((bytes) => {
    const envelope = tryEnvelope(bytes);
    return envelope === undefined ? [] : [{ bytes, envelope }];
  });
  const named = envelopes.find(({ envelope }) => provenanceSha256(envelope) === receipt?.entry.provenanceSha256);
  const speaking = envelopes.find(({ envelope }) => covered !== undefined && speaksOf(envelope, covered));
  return (named ?? speaking)?.bytes ?? first;
}

function envelopeOf(bytes: Uint8Array): Envelope {
  const { content } = parseBundle(bytes);
  if (content.kind === 'envelope') return content.envelope;
  throw new OriginSignError('verify.provenance', 'The bundle does not carry provenance.');
}

function tryEnvelope(bytes: Uint8Array): Envelope | undefined {
  try {
    return envelopeOf(bytes);
  } catch (error) {
    if (isOriginSignError(error)) return undefined;
    throw error;
  }
}

function speaksOf(envelope: Envelope, covered: CoveredDigest): boolean {
  return Buffer.from(envelopePayload(envelope)).includes(covered.value);
}
