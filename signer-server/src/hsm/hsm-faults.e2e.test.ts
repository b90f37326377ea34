import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOriginSignError } from '@originsign/core/errors/error';
import { verifySignature, type ToBeSigned } from '@originsign/core/x509/signature';
import { createTestToken, pkcs11Tool, testTokenOptions, type TestToken } from '@originsign/testkit/softhsm';
import { openHsm, type Hsm, type HsmOptions, type TokenKey } from './hsm.ts';
import type { TokenEvent } from './token-supervisor.ts';

const MESSAGE: ToBeSigned = { kind: 'message', bytes: new Uint8Array(64).fill(7) };

let token: TestToken;
let hsm: Hsm;
const opened: Hsm[] = [];
let events: TokenEvent[] = [];

beforeEach(async () => {
  token = await createTestToken();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await token.remove();
});

async function open(options: Partial<HsmOptions> = {}, sessions = 4): Promise<Hsm> {
  events = [];
  hsm = await openHsm({
    tokens: [testTokenOptions(token, { sessions })],
    report: (event) => events.push(event),
    ...options,
  });
  opened.push(hsm);
  return hsm;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((wake) => setTimeout(wake, 10));
}

function onlyPid(): number {
  const [pid, ...others] = hsm.pids;
  if (pid === undefined || others.length > 0) throw new Error(`Expected one signer process, not ${hsm.pids.length}.`);
  return pid;
}

/** How many signatures came and verify; every other one must have failed with `hsm.unavailable`. */
async function count(key: TokenKey, signatures: readonly Promise<Uint8Array>[]): Promise<number> {
  const outcomes = await Promise.all(
    signatures.map((signature) => signature.then((value) => verifySignature(key.spki, MESSAGE, value), codeOf)),
  );
  const made = outcomes.filter((outcome) => outcome === true);
  expect(outcomes.filter((outcome) => outcome === 'hsm.unavailable')).toHaveLength(signatures.length - made.length);
  return made.length;
}

describe('kill -9 of the signer process', () => {
  test('during signatures fails those in flight as retryable, and what waits and what comes next succeeds in a new process', async () => {
    await open();
    const key = await hsm.generate('slow', 'rsa-3072');
    const pid = onlyPid();
    const signatures = Array.from({ length: 100 }, () => hsm.sign(key, MESSAGE));
    await Promise.race(signatures);
    process.kill(pid, 'SIGKILL');
    const made = await count(key, signatures);
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(100);
    expect(verifySignature(key.spki, MESSAGE, await hsm.sign(key, MESSAGE))).toBe(true);
    expect(onlyPid()).not.toBe(pid);
    expect(events.map(({ kind }) => kind)).toEqual(['opened', 'lost', 'opened']);
  });

  test('of one of two leaves the other at work', async () => {
    await open({ tokens: [testTokenOptions(token, { processes: 2 })] });
    const key = await hsm.generate('key', 'p-256');
    const [first, second] = hsm.pids;
    if (first === undefined || second === undefined) throw new Error('Expected two processes.');
    process.kill(first, 'SIGKILL');
    await gone(first);
    expect(verifySignature(key.spki, MESSAGE, await hsm.sign(key, MESSAGE))).toBe(true);
    expect(hsm.pids).toContain(second);
  });
});

test('a process that hangs is killed, its calls fail as retryable, and a new one takes over', async () => {
  await open({ callTimeout: 5_000 });
  const key = await hsm.generate('key', 'p-256');
  const pid = onlyPid();
  process.kill(pid, 'SIGSTOP');
  await expect(hsm.sign(key, MESSAGE)).rejects.toMatchObject({ code: 'hsm.unavailable', retryAfter: 1 });
  expect(isRunning(pid)).toBe(false);
  expect(verifySignature(key.spki, MESSAGE, await hsm.sign(key, MESSAGE))).toBe(true);
});

test('signals meant for the whole group do not end the process before the server does', async () => {
  await open();
  const key = await hsm.generate('key', 'p-256');
  process.kill(onlyPid(), 'SIGTERM');
  process.kill(onlyPid(), 'SIGINT');
  expect(verifySignature(key.spki, MESSAGE, await hsm.sign(key, MESSAGE))).toBe(true);
  expect(events.map(({ kind }) => kind)).toEqual(['opened']);
});

test('a key that was destroyed on the token fails, and the only session works on', async () => {
  await open({}, 1);
  const doomed = await hsm.generate('doomed', 'p-256');
  const other = await hsm.generate('other', 'p-256');
  await hsm.sign(doomed, MESSAGE);
  await pkcs11Tool(token, '--delete-object', '--type', 'privkey', '--label', 'doomed');
  const failures = [await hsm.sign(doomed, MESSAGE).catch(codeOf), await hsm.sign(doomed, MESSAGE).catch(codeOf)];
  expect(failures).toEqual(['hsm.failed', 'key.unknown']);
  expect(verifySignature(other.spki, MESSAGE, await hsm.sign(other, MESSAGE))).toBe(true);
  expect(events.map(({ kind }) => kind)).toEqual(['opened']);
});

function codeOf(error: unknown): unknown {
  return isOriginSignError(error) ? error.code : error;
}

describe('closing', () => {
  test('finishes the signatures that a process has, refuses those that wait, and ends the process', async () => {
    await open({}, 2);
    const key = await hsm.generate('slow', 'rsa-3072');
    const pid = onlyPid();
    const signatures = Array.from({ length: 100 }, () => hsm.sign(key, MESSAGE));
    const counted = count(key, signatures);
    await Promise.race(signatures);
    await hsm.close();
    // Two sessions, eight calls for each.
    expect(await counted).toBeGreaterThanOrEqual(16);
    await gone(pid);
    await expect(hsm.sign(key, MESSAGE)).rejects.toMatchObject({ code: 'hsm.unavailable' });
  });

  test('happens by itself when the server is killed', async () => {
    const module = new URL('./hsm.ts', import.meta.url).href;
    const { environment, serial, pin } = token;
    const options = JSON.stringify({
      name: 'test',
      module: token.module,
      environment,
      serial,
      userType: 'user',
      processes: 1,
      sessions: 2,
    });
    const script = `
      const { openHsm } = await import(${JSON.stringify(module)});
      const hsm = await openHsm({ tokens: [{ ...${options}, pin: { reveal: () => ${JSON.stringify(pin)} } }] });
      process.stdout.write(String(hsm.pids[0]));
    `;
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const server = spawn(
      process.execPath,
      ['--import', loader, '--conditions=source', '--input-type=module', '--eval', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [printed] = (await once(server.stdout, 'data')) as [Buffer];
    const pid = Number(printed.toString());
    expect(isRunning(pid)).toBe(true);
    server.kill('SIGKILL');
    await gone(pid);
  });
});

describe('health', () => {
  test('signs with the canary key and verifies', async () => {
    await open();
    const canary = await hsm.generate('canary', 'p-256');
    await hsm.close();
    await open({ canary });
    await expect(hsm.health()).resolves.toBeUndefined();
  });

  test('fails with hsm.bad_signature where the token signs with another key than the store knows', async () => {
    await open();
    const [canary, other] = [await hsm.generate('canary', 'p-256'), await hsm.generate('other', 'p-256')];
    await hsm.close();
    await open({ canary: { ...canary, spki: other.spki } });
    await expect(hsm.health()).rejects.toMatchObject({ code: 'hsm.bad_signature' });
  });

  test('fails where the canary key is gone', async () => {
    await open({ canary: { label: 'canary', id: new Uint8Array(16), type: 'p-256', spki: new Uint8Array() } });
    await expect(hsm.health()).rejects.toMatchObject({ code: 'key.unknown' });
  });
});
