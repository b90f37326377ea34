import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isOriginSignError } from '@originsign/core/errors/error';
import {
  startTimestampAuthority,
  type TimestampAuthority,
  type TimestampMode,
} from '@originsign/testkit/timestamp-authority';
import { createGuardedFetch } from '../egress/guarded-fetch.ts';
import type { TimestampFetch } from './timestamp-fetch.ts';
import { createTimestamper, type Timestamper, type TimestamperOptions } from './timestamper.ts';

const run = promisify(execFile);
const egress = createGuardedFetch();
const signature = new Uint8Array(randomBytes(256));

let first: TimestampAuthority;
let second: TimestampAuthority;
let folder: string;
/** Moved by tests; the authorities use the time of the machine. */
let ahead = 0;

beforeAll(async () => {
  [first, second, folder] = await Promise.all([
    startTimestampAuthority(),
    startTimestampAuthority(),
    mkdtemp(join(tmpdir(), 'originsign-timestamp-')),
  ]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop(), egress.close(), rm(folder, { recursive: true, force: true })]);
});
beforeEach(() => {
  ahead = 0;
});
afterEach(() => {
  first.mode = second.mode = 'good';
});

function pool(change: Partial<TimestamperOptions> = {}): Timestamper {
  return createTimestamper({
    urls: [first.url, second.url],
    timeout: 60_000,
    roots: [first.root, second.root],
    unhealthyFor: 60_000,
    allowPrivateAddress: true,
    fetch: egress.fetch,
    now: () => new Date(Date.now() + ahead),
    ...change,
  });
}

async function failure(timestamper: Timestamper): Promise<{ code: string; reasons: unknown }> {
  try {
    await timestamper.timestamp(signature);
  } catch (error) {
    if (isOriginSignError(error)) return { code: error.code, reasons: error.details?.['authorities'] };
    throw error;
  }
  throw new Error('There is a timestamp.');
}

test('the first authority gives a token that openssl verifies, with its time', async () => {
  const before = second.requests;
  const { token, time } = await pool().timestamp(signature);
  await writeFile(join(folder, 'signature'), signature);
  await writeFile(join(folder, 'token'), token);
  const files = [
    '-data',
    join(folder, 'signature'),
    '-in',
    join(folder, 'token'),
    '-token_in',
    '-CAfile',
    first.rootFile,
  ];
  expect((await run('openssl', ['ts', '-verify', ...files])).stdout).toContain('Verification: OK');
  expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(5 * 60_000);
  expect(second.requests).toBe(before);
});

const REASONS: readonly (readonly [TimestampMode, string, RegExp])[] = [
  ['error', 'timestamp.unavailable', /answered with status 500/],
  ['refused', 'timestamp.invalid', /refused the request with status 2/],
  ['wrong-nonce', 'timestamp.invalid', /answers another request/],
  ['wrong-imprint', 'timestamp.invalid', /for another signature/],
  ['garbage', 'timestamp.invalid', /did not answer with a timestamp response/],
];

describe.each(REASONS)('an authority in the mode %s', (mode, code, reason) => {
  test('is passed over', async () => {
    first.mode = mode;
    const before = second.requests;
    await expect(pool().timestamp(signature)).resolves.toMatchObject({ time: expect.any(Date) as Date });
    expect(second.requests).toBe(before + 1);
  });

  test('alone fails with its reason', async () => {
    first.mode = mode;
    expect(await failure(pool({ urls: [first.url] }))).toEqual({
      code,
      reasons: [{ url: first.url, reason: expect.stringMatching(reason) as string }],
    });
  });
});

test('an authority that is silent is given up after its time, and the next one is asked', async () => {
  first.mode = 'silent';
  const fetch: TimestampFetch = (url, options) =>
    egress.fetch(url, { ...options, timeout: url === first.url ? 300 : options.timeout });
  await expect(pool({ fetch }).timestamp(signature)).resolves.toMatchObject({ time: expect.any(Date) as Date });
});

test('where all fail, each URL is named with its own reason', async () => {
  first.mode = 'error';
  second.mode = 'wrong-nonce';
  expect(await failure(pool())).toEqual({
    code: 'timestamp.invalid',
    reasons: [
      { url: first.url, reason: expect.stringContaining('status 500') as string },
      { url: second.url, reason: expect.stringContaining('another request') as string },
    ],
  });
});

test('an authority that failed is asked last for a while, then first again', async () => {
  const timestamper = pool();
  first.mode = 'error';
  await timestamper.timestamp(signature);
  first.mode = 'good';
  const [before, beforeSecond] = [first.requests, second.requests];
  await timestamper.timestamp(signature);
  expect([first.requests, second.requests]).toEqual([before, beforeSecond + 1]);
  ahead = 61_000;
  await timestamper.timestamp(signature);
  expect([first.requests, second.requests]).toEqual([before + 1, beforeSecond + 1]);
});

test('a token of an authority with another root is refused', async () => {
  expect(await failure(pool({ urls: [first.url], roots: [second.root] }))).toMatchObject({ code: 'timestamp.invalid' });
});

test('a token whose time is far from ours is refused', async () => {
  ahead = 6 * 60_000;
  const { code, reasons } = await failure(pool({ urls: [first.url] }));
  expect(code).toBe('timestamp.invalid');
  expect(reasons).toMatchObject([{ reason: expect.stringContaining('too far from now') as string }]);
});

test('an answer of another media type is refused, however good its body', async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void first
        .answer(Buffer.concat(chunks))
        .then((body) => response.writeHead(200, { 'content-type': 'text/html' }).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await failure(pool({ urls: [url] }))).toMatchObject({ code: 'timestamp.invalid' });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a private address is not asked unless the configuration says so', async () => {
  const before = first.requests;
  expect(await failure(pool({ urls: [first.url], allowPrivateAddress: false }))).toMatchObject({
    code: 'timestamp.unavailable',
  });
  expect(first.requests).toBe(before);
});

test('nothing listens: the port is closed', async () => {
  const closed = await startTimestampAuthority();
  const { url } = closed;
  await closed.stop();
  expect(await failure(pool({ urls: [url] }))).toMatchObject({ code: 'timestamp.unavailable' });
});
