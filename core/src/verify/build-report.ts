import { equalCoveredDigests } from '../attestation/covered-digest.ts';
import type { VerifiedSignature } from '../formats/format.ts';
import type { VerifiedReceipt } from '../log/receipt.ts';
import type { Checklist } from './checklist.ts';
import type { VerifiedProvenance } from './provenance.ts';
import type { SignatureTimestamp } from './signer.ts';
import type { Signer, VerificationReport } from './report.ts';

/** What the steps found, as far as they came. */
export interface Findings {
  readonly signature: VerifiedSignature | undefined;
  readonly stamped: SignatureTimestamp | undefined;
  readonly signer: Signer | undefined;
  readonly receipt: VerifiedReceipt | undefined;
  readonly provenance: VerifiedProvenance | undefined;
}

/** The report: verified where there are checks and every one of them is ok. */
export function buildReport({ checks }: Checklist, findings: Findings): VerificationReport {
  const { signature, stamped, signer, receipt, provenance } = findings;
  const timestamp = stamped?.time?.toISOString();
  return {
    verified: checks.length > 0 && checks.every(({ ok }) => ok),
    checks,
    ...(signature === undefined ? {} : { format: signature.format, coveredDigest: signature.coveredDigest }),
    ...(signer === undefined ? {} : { signer }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(receipt === undefined ? {} : loggedAs(receipt)),
    ...(provenance === undefined ? {} : cameFrom(provenance, signature)),
  };
}

function loggedAs({ checkpoint, index, entry }: VerifiedReceipt): Partial<VerificationReport> {
  return { requestId: entry.requestId, log: { origin: checkpoint.origin, index, time: entry.time } };
}

function cameFrom(
  { statement }: VerifiedProvenance,
  signature: VerifiedSignature | undefined,
): Partial<VerificationReport> {
  const { request, origin, subjects } = statement;
  const subject = subjects.find(({ coveredDigest }) => {
    return signature !== undefined && equalCoveredDigests(coveredDigest, signature.coveredDigest);
  });
  return {
    requestId: request.id,
    project: request.project,
    policy: request.policy,
    origin,
    binding: request.binding,
    ...(subject?.claimed === undefined ? {} : { claimed: subject.claimed }),
  };
}
