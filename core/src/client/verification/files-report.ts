import { OriginSignError } from '../../errors/error.ts';
import type { Check, VerificationReport } from '../../verify/report.ts';

/** One file that was verified, or failed to. */
export interface FileVerification {
  /** Absolute. */
  readonly path: string;
  readonly report: VerificationReport;
}

/** One file of a folder that nothing is said about. */
export interface SkippedFile {
  /** Absolute. */
  readonly path: string;
  /** Why, as a phrase for people. */
  readonly reason: string;
}

/** What was found out about all files that patterns and folders mean. */
export interface FilesReport {
  /** True where at least one file was verified and none failed. */
  readonly verified: boolean;
  readonly files: readonly FileVerification[];
  readonly skipped: readonly SkippedFile[];
}

/** The report of these outcomes. Nothing verified is not verified: an empty folder is no proof of anything. */
export function filesReport(files: readonly FileVerification[], skipped: readonly SkippedFile[]): FilesReport {
  return { verified: files.length > 0 && files.every(({ report }) => report.verified), files, skipped };
}

/** Why the files as a whole did not verify; the first check that failed for a reason of its own gives code and hint. */
export function filesFailure({ verified, files }: FilesReport): OriginSignError | undefined {
  if (verified) return undefined;
  if (files.length === 0) {
    return new OriginSignError('verify.unsigned', 'Nothing was verified, because no file carries a signature.', {
      hint: 'name the files that must be signed, or look whether the folder is the right one',
    });
  }
  const failed = files.filter(({ report }) => !report.verified);
  const counted = `${failed.length} of ${files.length} files`;
  const check = failed.map(({ report }) => reasonOf(report)).find((reason) => reason !== undefined);
  return errorOf(check, files.length === 1 ? 'The file did not verify.' : `${counted} did not verify.`);
}

/** Why one file did not verify, in the words of the first check that failed for a reason of its own. */
export function fileFailure({ report }: FileVerification): OriginSignError | undefined {
  if (report.verified) return undefined;
  const check = reasonOf(report);
  return errorOf(check, check?.detail ?? 'The file did not verify.');
}

/** The whole report for machines, as `originsign verify --json` prints it. */
export function reportJson({ verified, files, skipped }: FilesReport): Readonly<Record<string, unknown>> {
  return {
    verified,
    files: files.map(({ path, report }) => ({ path, ...report })),
    ...(skipped.length === 0 ? {} : { skipped }),
  };
}

function reasonOf({ checks }: VerificationReport): Check | undefined {
  return checks.find(({ code }) => code !== undefined);
}

function errorOf(check: Check | undefined, message: string): OriginSignError {
  const hint = check?.hint;
  return new OriginSignError(check?.code ?? 'verify.signature', message, hint === undefined ? {} : { hint });
}
