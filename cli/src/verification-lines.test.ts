import { describe, expect, test } from 'vitest';
import type { VerificationReport } from '@originsign/core/verify/report';
import { skippedLines, verificationLines } from './verification-lines.ts';

const REPORT: VerificationReport = {
  verified: true,
  checks: [
    { name: 'trust', ok: true },
    { name: 'signature', ok: true },
  ],
  format: 'authenticode-pe',
  coveredDigest: { algorithm: 'authenticodeSha256', value: 'aa'.repeat(32) },
  claimed: { sha256: 'bb'.repeat(32), size: 4 },
};

describe('a report', () => {
  test('shows what the client claimed apart from what was verified', () => {
    const lines = verificationLines('app.exe', REPORT);
    expect(lines).toContain(`  covered     authenticodeSha256 ${'aa'.repeat(32)}`);
    expect(lines).toContain(`  claimed     sha256 ${'bb'.repeat(32)} before signing (unchecked)`);
  });

  test('of a file without a timestamp says so', () => {
    expect(verificationLines('app.exe', REPORT).join('\n')).toMatch(/^ {2}timestamp {3}none/m);
  });

  test('of a file that did not verify shows no origin', () => {
    const failed = { ...REPORT, verified: false, project: 'acme-app', policy: 'release', requestId: 'x'.repeat(43) };
    const lines = verificationLines('app.exe', {
      ...failed,
      checks: [{ name: 'receipt', ok: false, detail: 'No.', code: 'verify.receipt' }],
    });
    expect(lines.join('\n')).not.toMatch(/acme-app|x{12}/);
    expect(lines.at(-1)).toBe('  failed   receipt   No. [verify.receipt]');
  });
});

describe('files that were skipped', () => {
  const skipped = (count: number) =>
    skippedLines(Array.from({ length: count }, (_, index) => ({ path: `${index}.txt`, reason: 'no signature' })));

  test('are named, and counted where there are many', () => {
    expect(skipped(2)).toEqual(['skipped   0.txt  no signature', 'skipped   1.txt  no signature']);
    expect(skipped(60).slice(49)).toEqual(['skipped   49.txt  no signature', 'skipped   10 more']);
  });
});
