import { describe, expect, test } from 'vitest';
import { OriginSignError } from '../../errors/error.ts';
import type { VerificationReport } from '../../verify/report.ts';
import { filesReport, type SkippedFile } from './files-report.ts';
import { unverifiedMarkdown, verificationMarkdown } from './verification-markdown.ts';

const CONTEXT = {
  expected: { repository: 'https://github.com/acme/app', project: 'acme-app' },
  workingDirectory: '/workspace',
  server: 'https://sign.acme.example',
};
const GOOD: VerificationReport = { verified: true, checks: [{ name: 'signature', ok: true }] };
const BAD: VerificationReport = {
  verified: false,
  checks: [{ name: 'signature', ok: false, code: 'verify.digest', detail: 'Changed.', hint: 'look' }],
};
const file = (name: string, report: VerificationReport) => ({ path: `/workspace/${name}`, report });
const skipped = (count: number): SkippedFile[] =>
  Array.from({ length: count }, (_, index) => ({ path: `/workspace/${index}.txt`, reason: 'no signature' }));

describe('the verification panel', () => {
  test('shows what failed before what verified, each failed file with its checks', () => {
    const page = verificationMarkdown(filesReport([file('a', GOOD), file('b', BAD), file('c', BAD)], []), CONTEXT);
    expect(page).toMatch(/^### OriginSign: 2 of 3 files did not verify\n/);
    expect([...page.matchAll(/^\| <code>(\w)<\/code> \| (\w+)/gm)].map(([, name, result]) => [name, result])).toEqual([
      ['b', 'failed'],
      ['c', 'failed'],
      ['a', 'verified'],
    ]);
    expect(page.match(/<details open>/g)).toHaveLength(2);
    expect(page).toContain('href="https://sign.acme.example/errors/verify.digest"');
  });

  test('says so where nothing was verified, and names some of what was skipped', () => {
    const page = verificationMarkdown(filesReport([], skipped(60)), CONTEXT);
    expect(page).toMatch(/^### OriginSign: nothing was verified\n/);
    expect(page).toContain('60 skipped, nothing is said about them');
    expect(page).toContain('… and 10 more');
  });

  test.each(['</details><img src=x onerror=alert(1)>', '[x](https://evil.example)', '`a` | b', '@acme/team'])(
    'makes %j inert wherever it stands',
    (hostile) => {
      const report: VerificationReport = {
        ...BAD,
        checks: [
          { ...BAD.checks[0], name: 'ref', ok: false, code: 'verify.expectation', detail: hostile, hint: hostile },
        ],
      };
      const expected = { ...CONTEXT.expected, ref: hostile };
      const page = verificationMarkdown(
        filesReport(
          [file(hostile, report), file(`good ${hostile}`, { ...GOOD, signer: { name: hostile, spkiSha256: '' } })],
          [{ path: hostile, reason: hostile }],
        ),
        { ...CONTEXT, expected },
      );
      expect(page).not.toContain(hostile);
      expect(page).not.toMatch(/<img|evil\.example\)|@acme/);
    },
  );

  test('links to no server that is no web page', () => {
    const page = verificationMarkdown(filesReport([file('a', BAD)], []), {
      ...CONTEXT,
      server: 'javascript:alert(1)//',
    });
    expect(page).not.toContain('href');
  });
});

test('a step that could not look says why and what to do', () => {
  const error = new OriginSignError('input.file', 'There is no file "<trust>".', { hint: 'look' });
  expect(unverifiedMarkdown(error, undefined)).toBe(
    '### OriginSign: not verified\n\nThere is no file &#34;&#60;trust&#62;&#34;&#46; (<code>input&#46;file</code>)\n\n**Hint:** look\n',
  );
});
