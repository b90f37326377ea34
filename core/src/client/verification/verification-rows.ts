import { shortRequestId } from '../../attestation/request-id.ts';
import type { Check, VerificationReport } from '../../verify/report.ts';
import { originText, timeText } from '../report-lines.ts';

/** What a person reads about one file: rows of cells, the first of each its name. */
export interface VerificationRows {
  readonly facts: readonly (readonly string[])[];
  /** Outcome, name and reason of every check; left out where all are ok and `facts` lists their names. */
  readonly checks: readonly (readonly string[])[];
}

/**
 * What was found out about one file: where it came from if it verified, else every check, for a person to see which failed and
 * which could not be made. Of a file that did not verify only its digests are shown: the rest would look like a finding.
 */
export function verificationRows(report: VerificationReport): VerificationRows {
  if (!report.verified) return { facts: digestRows(report), checks: report.checks.map(checkRow) };
  const names = report.checks.map(({ name }) => name).join(' ');
  return { facts: [...digestRows(report), ...factRows(report), ['checks', names]], checks: [] };
}

function factRows(report: VerificationReport): string[][] {
  const { signer, timestamp, log, requestId, project, policy } = report;
  return [
    ...(signer === undefined ? [] : [['signer', signer.name]]),
    ['timestamp', timestamp === undefined ? 'none; the signer was checked without one' : timeText(timestamp)],
    ...originRows(report),
    ['policy', `${project ?? ''}/${policy ?? ''}`],
    ...(requestId === undefined ? [] : [['request', shortRequestId(requestId)]]),
    ...(log === undefined ? [] : [['log', `entry ${log.index} of ${log.origin}, ${timeText(log.time)}`]]),
  ];
}

function originRows({ origin, binding }: VerificationReport): string[][] {
  if (origin === undefined) return [];
  return [
    ['origin', originText(origin, binding ?? 'proof')],
    ['workflow', origin.workflow.uri],
    ...(origin.callee === undefined ? [] : [['builder', origin.callee.uri]]),
  ];
}

function digestRows({ coveredDigest, claimed }: VerificationReport): string[][] {
  return [
    ...(coveredDigest === undefined ? [] : [['covered', `${coveredDigest.algorithm} ${coveredDigest.value}`]]),
    ...(claimed === undefined ? [] : [['claimed', `sha256 ${claimed.sha256} before signing (unchecked)`]]),
  ];
}

function checkRow({ name, ok, detail, code }: Check): string[] {
  if (ok) return ['ok', name];
  const why = detail ?? '';
  return code === undefined ? ['skipped', name, why] : ['failed', name, `${why} [${code}]`];
}
