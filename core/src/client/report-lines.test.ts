import { describe, expect, it } from 'vitest';
import { OriginSignError } from '../errors/error.ts';
import type { DecisionTrace } from '../protocol/trace.ts';
import type { SignEvent } from './events.ts';
import { dryRunLines, errorLines, eventLines } from './report-lines.ts';
import type { DryRunResult, SignResult } from './sign.ts';
import { dryRunMarkdown, failureMarkdown, signedMarkdown } from './summary-markdown.ts';

const origin = {
  platform: 'github-actions',
  system: 'github',
  repository: { uri: 'https://github.com/acme/app', id: '1', ownerId: '2' },
  commit: '9f31c2e0c1f1b1d1a1e1f1a1b1c1d1e1f1a1b1c1',
  ref: 'refs/tags/v1.4.0',
  workflow: { uri: 'https://github.com/acme/app' },
  run: { id: '30433642', attempt: 1, uri: 'https://github.com/acme/app/actions/runs/30433642/attempts/1' },
};
const file = {
  name: 'app.exe',
  input: '/w/dist/app.exe',
  output: '/w/signed/app.exe',
  format: 'authenticode-pe',
  coveredDigest: { algorithm: 'authenticodeSha256', value: '3b0c'.repeat(16) },
  key: { label: 'acme-2026', type: 'rsa-3072' },
  timestamp: '2026-11-22T09:14:03.000Z',
} as const;
const id = 'pQ3vT0sZc81KpQ3vT0sZc81KpQ3vT0sZc81KpQ3vT0s';
const url = `https://sign.acme.example/requests/${id}`;
const trace: DecisionTrace = {
  project: 'acme-app',
  policy: 'release',
  policyHash: 'a'.repeat(64),
  decision: 'deny',
  rule: 'tag-build',
  rules: [
    {
      rule: 'tag-build',
      effect: 'allow',
      passed: false,
      conditions: [
        { claim: 'github.ref', operator: 'glob', expected: 'refs/tags/v*', actual: 'refs/heads/main', passed: false },
        { claim: 'github.event_name', operator: 'in', expected: ['push'], actual: 'push', passed: true },
      ],
    },
  ],
};
const denied = new OriginSignError('policy.denied', 'Denied by acme-app/release: rule tag-build.', {
  details: { trace },
});

/** A summary as a person sees it: without tags, references as what they stand for. */
const shown = (markdown: string): string =>
  markdown.replace(/<[^>]*>/g, '').replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

describe('eventLines', () => {
  it.each<[SignEvent, string]>([
    [
      { kind: 'origin', origin, binding: 'audience' },
      'origin    github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)',
    ],
    [{ kind: 'request', id, url }, `request   pQ3vT0sZc81K  ${url}`],
    [
      { kind: 'waiting', state: 'waiting_for_approval', since: new Date(0), elapsed: 61_000 },
      'waiting   approval, since 01:01',
    ],
    [
      {
        kind: 'waiting',
        state: 'waiting_for_approval',
        since: new Date(0),
        elapsed: 0,
        approvals: { count: 2, approved: 1, from: ['group:release-managers', 'user:ada'] },
      },
      'waiting   approval 1 of 2 (release-managers, ada), since 00:00',
    ],
    [
      { kind: 'signed', file },
      'signed    signed/app.exe  authenticode-pe  key acme-2026  timestamp 2026-11-22 09:14:03Z',
    ],
    [
      { kind: 'proof', receiptPath: '/w/signed/originsign-a.tlog-proof', provenancePath: '/w/signed/b' },
      'proof     signed/originsign-a.tlog-proof  (and .provenance.sigstore.json)',
    ],
    [{ kind: 'warning', message: 'a\n::error::b' }, 'warning   a ::error::b'],
    [{ kind: 'retry', reason: 'Busy.', attempt: 1, delay: 1234 }, 'retry     Busy. Again in 1.2 s.'],
    [{ kind: 'clock', offset: 600 }, 'clock     the server is 600 s ahead of this machine; corrected for this request'],
  ])('%j', (event, line) => {
    expect(eventLines(event, '/w')).toEqual([line]);
  });
});

describe('a log', () => {
  it('has no line for every poll, and one for reading a large file', () => {
    const waiting = { kind: 'waiting', state: 'signing', since: new Date(0), elapsed: 1, minor: true } as const;
    expect(eventLines(waiting)).toEqual([]);
    const hashing = { kind: 'hashing', name: 'disk.iso', done: 0, size: 4.2 * 1024 ** 3 } as const;
    expect(eventLines(hashing)).toEqual(['hashing   disk.iso  4.2 GiB']);
    expect(eventLines({ ...hashing, done: 1 })).toEqual([]);
    expect(eventLines({ ...hashing, size: 1024 })).toEqual([]);
  });
});

describe('errorLines', () => {
  it('names the failed condition of a denial, what to do and where to read on', () => {
    expect(errorLines(denied, 'https://sign.acme.example')).toEqual([
      'error: denied by acme-app/release [policy.denied]',
      '  rule tag-build: 1 of 2 conditions failed',
      '    github.ref   expected glob refs/tags/v*   actual refs/heads/main',
      'hint: sign from a ref that matches refs/tags/v*',
      'see:  https://sign.acme.example/errors/policy.denied',
    ]);
  });

  it('shows a trace that it cannot read as the sentence alone', () => {
    const error = new OriginSignError('policy.denied', 'Denied.', { details: { trace: { rules: 1 } } });
    expect(errorLines(error)).toEqual(['error: Denied [policy.denied]']);
  });

  it('lets no message begin a line of its own', () => {
    const error = new OriginSignError('input.invalid', 'Bad\n::add-path::x', { hint: 'a\r\nb' });
    expect(errorLines(error)).toEqual(['error: Bad ::add-path::x [input.invalid]', 'hint: a b']);
  });
});

describe('summaries', () => {
  const result: SignResult = {
    ...{ id, url, origin, binding: 'audience' as const, project: 'acme-app', policy: 'release', rule: 'tag-build' },
    ...{ status: 'completed' as const, files: [file] },
  };
  const dryRun: DryRunResult = {
    evaluation: { decision: 'deny', origin, binding: 'audience', trace: structuredClone(trace) as never },
    files: [{ ...file, path: file.input, sha256: 'a'.repeat(64), size: 1 }],
  };

  it('show what was signed in a table, with origin and request', () => {
    const log = { origin: 'sign.acme.example/log', index: 19 };
    const markdown = signedMarkdown({ ...result, receiptPath: '/w/a', provenancePath: '/w/b', log });
    expect(markdown).toContain('### OriginSign: 1 file signed');
    expect(markdown).toContain('| File | Format | Key | Timestamp | Covered digest |');
    expect(markdown).toContain(`<a href="${url}">pQ3vT0sZc81K</a>`);
    expect(markdown).toContain('authenticodeSha256:3b0c3b0c3b0c…');
    expect(markdown).toContain(`originsign-pQ3vT0sZc81K&#46;tlog-proof`);
    expect(shown(markdown).split('\n').slice(6)).toEqual([
      '| Verified |  |',
      '| --- | --- |',
      '| Origin | github.com/acme/app@9f31c2e refs/tags/v1.4.0 |',
      '| Run | run 30433642 attempt 1 |',
      '| Token | made by the platform for this one request (audience) |',
      '| Policy | acme-app/release, rule tag-build |',
      '| Request | pQ3vT0sZc81K |',
      '| Files | every finished file was read again, and its signature verified |',
      '| Log | entry 19 of sign.acme.example/log, receipt originsign-pQ3vT0sZc81K.tlog-proof, provenance originsign-pQ3vT0sZc81K.provenance.sigstore.json |',
      '',
    ]);
  });

  it('say so where nothing is signed yet', () => {
    const markdown = signedMarkdown({ ...result, status: 'waiting_for_approval', files: [] });
    expect(markdown).toContain('### OriginSign: Request is waiting for approval');
    expect(markdown).not.toContain('| File |');
  });

  it('stay readable with a thousand files', () => {
    const markdown = signedMarkdown({ ...result, files: Array.from({ length: 1000 }, () => file) });
    expect(markdown).toContain('… and 800 more');
    expect(markdown.length).toBeLessThan(200_000);
  });

  it('make everything inert that comes from elsewhere', () => {
    const hostile = '<img src=x onerror=a>|[x](javascript:1)`*_\n# h';
    const files = [{ ...file, name: hostile, key: { label: hostile, type: 'x' } }];
    const bad = { ...origin, ref: hostile, run: { ...origin.run, uri: 'javascript:alert(1)' } };
    const markdown = signedMarkdown({ ...result, files, origin: bad });
    expect(markdown).not.toMatch(/<img|\[x\]|javascript:alert|\n# h/);
    expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(11);
    expect(failureMarkdown(new OriginSignError('input.file', hostile))).not.toMatch(/<img|\[x\]|\n# h/);
  });

  it('explain a denial, with the condition that failed', () => {
    const markdown = failureMarkdown(denied, 'https://sign.acme.example');
    expect(markdown).toContain('### OriginSign: denied by acme-app/release');
    expect(shown(markdown)).toContain(`rule tag-build: 1 of 2 conditions failed

| Condition | Expected | Actual |
| --- | --- | --- |
| github.ref | glob refs/tags/v* | refs/heads/main |
`);
    expect(markdown).toContain('**Hint:** sign from a ref');
    expect(markdown).toContain('href="https://sign.acme.example/errors/policy.denied"');
  });

  it('say that a dry run signed nothing', () => {
    expect(dryRunMarkdown(dryRun)).toContain('Nothing was signed.');
    expect(dryRunLines(dryRun).join('\n')).toMatch(/denied by acme-app\/release[\s\S]*hint:[\s\S]*nothing was signed/);
  });
});
