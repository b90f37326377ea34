import { formatById } from '../formats/registry.ts';
import type { TrustFile } from '../protocol/trust-file.ts';
import { verifyReceipt } from '../log/receipt.ts';
import { Checklist } from './checklist.ts';
import { checkExpectations, type Expectations } from './expectations.ts';
import { chooseProvenance, verifyBinding, verifyProvenance } from './provenance.ts';
import { chooseReceipt, verifyRecord } from './receipt.ts';
import { buildReport } from './build-report.ts';
import type { VerificationReport } from './report.ts';
import { readFileSignature, type SignedFile } from './signature.ts';
import { verifySigner, verifySignatureTimestamp } from './signer.ts';
import { verifyNotTrial } from './trial.ts';

/** Everything that verification of one file looks at. */
export interface VerificationInput {
  readonly file: SignedFile;
  /** Receipts and provenance that may be of this file; the fitting ones are found by content. */
  readonly receipts: readonly Uint8Array[];
  readonly provenances: readonly Uint8Array[];
  readonly trust: TrustFile;
  readonly expected: Expectations;
  readonly now: Date;
  /** True where a trial store is good enough. */
  readonly trial?: boolean;
}

/**
 * Verifies one file against what is pinned and expected, and reports every check. Throws only `input.*` (the file cannot be
 * read, an expectation is no pattern) and `format.unknown` (the format that was asked for does not exist): everything else is
 * a check that is not ok.
 */
export async function verifyFile(input: VerificationInput): Promise<VerificationReport> {
  const { file, trust, expected, now } = input;
  if (file.format !== undefined) formatById(file.format);
  const checks = new Checklist();
  await checks.run('trust', {}, () => verifyNotTrial(trust, input.trial === true));
  const signature = await checks.run('signature', {}, () => readFileSignature(file));
  const stamped = await checks.run('timestamp', { signature }, (known) =>
    verifySignatureTimestamp(known.signature, trust),
  );
  const receipt = await checks.run('receipt', {}, () =>
    verifyReceipt(chooseReceipt(input.receipts, signature), trust.logs),
  );
  const logged = receipt === undefined ? undefined : new Date(receipt.entry.time);
  const times = { now, logged, timestamp: stamped?.time };
  const signer = await checks.run('signer', { signature }, (known) => verifySigner(known.signature, trust, times));
  await checks.run('record', { receipt, signature, signer }, (known) => verifyRecord(known));
  const provenance = await checks.run('provenance', {}, () =>
    verifyProvenance(chooseProvenance(input.provenances, receipt, signature?.coveredDigest), trust, logged ?? now),
  );
  await checks.run('binding', { provenance, receipt, signature }, (known) => verifyBinding(known));
  await checkExpectations(checks, expected, provenance);
  return buildReport(checks, { signature, stamped, signer, receipt, provenance });
}
