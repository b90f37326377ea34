import { originText } from '@originsign/core/client/report-lines';
import { shortRequestId } from '@originsign/core/attestation/request-id';
import type { Check, VerificationReport } from '@originsign/core/verify/report';
import { row, table, timeText } from './ui.ts';

/**
 * What was found out about one file: where it came from if it verified, else every check, for a person to see which failed and
 * which could not be made.
 */
export function verificationLines(path: string, report: VerificationReport): string[] {
  const headline = row(report.verified ? 'verified' : 'failed', path, report.format);
  const facts = report.verified ? factRows(report) : failedFactRows(report);
  const checks = report.verified ? [['checks', report.checks.map(({ name }) => name).join(' ')]] : [];
  return [
    headline,
    ...table([...facts, ...checks], 2),
    ...(report.verified ? [] : table(report.checks.map(checkRow), 2)),
  ];
}

function factRows(report: VerificationReport): string[][] {
  const { signer, timestamp, origin, binding, log, requestId, project, policy } = report;
  return [
    ...digestRows(report),
    ...(signer === undefined ? [] : [['signer', signer.name]]),
    ['timestamp', timestamp === undefined ? 'none; the signer was checked without one' : timeText(timestamp)],
    ...(origin === undefined ? [] : [['origin', originText(origin, binding ?? 'proof')]]),
    ...(origin === undefined ? [] : [['workflow', origin.workflow.uri]]),
    ['policy', `${project ?? ''}/${policy ?? ''}`],
    ...(requestId === undefined ? [] : [['request', shortRequestId(requestId)]]),
    ...(log === undefined ? [] : [['log', `entry ${log.index} of ${log.origin}, ${timeText(log.time)}`]]),
  ];
}

/** Of a file that did not verify only its digests are shown: the rest would look like a finding. */
function failedFactRows(report: VerificationReport): string[][] {
  return digestRows(report);
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
