import type { SkippedFile } from '@originsign/core/client/verification/files-report';
import { verificationRows } from '@originsign/core/client/verification/verification-rows';
import type { VerificationReport } from '@originsign/core/verify/report';
import { row, table } from './ui.ts';

/** Skipped files that are named one by one; the JSON document has them all. */
const MOST_SKIPPED = 50;

/** What was found out about one file, indented below it. */
export function verificationLines(path: string, report: VerificationReport): string[] {
  const { facts, checks } = verificationRows(report);
  return [row(report.verified ? 'verified' : 'failed', path, report.format), ...table(facts, 2), ...table(checks, 2)];
}

/** Files of a folder that nothing is said about. */
export function skippedLines(skipped: readonly SkippedFile[]): string[] {
  const named = skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => row('skipped', path, reason));
  const more = skipped.length - named.length;
  return [...named, ...(more > 0 ? [row('skipped', `${more} more`)] : [])];
}
