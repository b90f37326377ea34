import type { SignEvent } from '@originsign/core/client/events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Host } from './host.ts';
import { LiveProgress } from './live-progress.ts';
import { Screen } from './screen.test.fixture.ts';
import { watchSigning, type SignProgress } from './sign-progress.ts';
import { StatusLine } from './status-line.ts';

const GIB = 1024 ** 3;
const origin = {
  ...{ platform: 'github-actions', system: 'github', commit: '9f31c2e0c1', ref: 'refs/tags/v1.4.0' },
  repository: { uri: 'https://github.com/acme/app', id: '1', ownerId: '2' },
  workflow: { uri: 'https://github.com/acme/app' },
  run: { id: '7', attempt: 1, uri: 'https://github.com/acme/app/actions/runs/7' },
};
const ORIGIN: SignEvent = { kind: 'origin', origin, binding: 'audience' };
const PROOF: SignEvent = {
  ...{ kind: 'proof', receiptPath: '/w/a.tlog-proof', provenancePath: '/w/a.provenance.sigstore.json' },
};
const hashing = (name: string, done: number, size: number): SignEvent => ({ kind: 'hashing', name, done, size });
const waiting = (elapsed: number): SignEvent => {
  return { kind: 'waiting', state: 'waiting_for_approval', since: new Date(0), elapsed };
};

describe('before a terminal', () => {
  const screen = new Screen(100);
  let now = 0;
  const live = new LiveProgress(new StatusLine((text) => screen.write(text), screen), () => new Date(now));

  test('a bar shows how far the files are read, once that takes a moment', () => {
    live.take(hashing('disk.iso', 0, 4 * GIB));
    expect(screen.lines()).toEqual([]);
    now = 1000;
    live.take(hashing('disk.iso', GIB, 4 * GIB));
    expect(screen.lines()).toEqual(['hashing   disk.iso  [######------------------]   25 %  1.0 GiB of 4.0 GiB']);
    live.take(hashing('tools.iso', 3 * GIB, 4 * GIB));
    expect(screen.lines()).toEqual(['hashing   2 files  [############------------]   50 %  4.0 GiB of 8.0 GiB']);
  });

  test('files without a byte are read already', () => {
    const empty = new Screen(100);
    let time = 0;
    const progress = new LiveProgress(
      new StatusLine((text) => empty.write(text), empty),
      () => new Date((time += 999)),
    );
    progress.take(hashing('empty.txt', 0, 0));
    expect(empty.lines()[0]).toContain('100 %');
  });

  test('the time of waiting goes on between two answers of the server', () => {
    live.take({ kind: 'hashed', files: [] });
    live.tick();
    expect(screen.lines()).toEqual([]);
    live.take(waiting(1000));
    now = 61_000;
    live.tick();
    expect(screen.lines()).toEqual([expect.stringMatching(/^waiting {3}approval, since 01:01 {2}[|/\\-]$/)]);
    const before = screen.lines();
    live.tick();
    expect(screen.lines()).not.toEqual(before);
  });
});

describe('watchSigning', () => {
  const screen = new Screen(100);
  let written = '';
  const host = (terminal: boolean): Host => ({
    ...{ environment: {}, directory: '/w', now: () => new Date(5000), out: () => undefined },
    err: (text) => {
      written += text;
      screen.write(text);
    },
    ...(terminal ? { terminal: screen } : {}),
    interruption: () => new AbortController().signal,
  });
  let progress: SignProgress;
  afterEach(() => {
    progress.close();
    written = '';
  });
  const EVENTS = [hashing('disk.iso', 0, 4 * GIB), hashing('disk.iso', GIB, 4 * GIB), ORIGIN, waiting(0), PROOF];

  test('leaves whole lines alone on a terminal, and the results for stdout', () => {
    progress = watchSigning(host(true), false);
    for (const event of EVENTS) progress.events(event);
    expect(screen.lines().at(-1)).toMatch(/^waiting /);
    progress.close();
    expect(screen.lines()).toEqual([
      'origin    github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 7 attempt 1 (audience)',
    ]);
    expect(progress.results).toEqual(['proof     a.tlog-proof  (and .provenance.sigstore.json)']);
  });

  test.each([
    ['in a log', false, false],
    ['beside a JSON document, even on a terminal', true, true],
  ])('writes plain lines %s', (_where, terminal, json) => {
    progress = watchSigning(host(terminal), json);
    for (const event of EVENTS) progress.events(event);
    expect(written).toBe(`hashing   disk.iso  4.0 GiB
origin    github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 7 attempt 1 (audience)
waiting   approval, since 00:00
`);
  });
});
