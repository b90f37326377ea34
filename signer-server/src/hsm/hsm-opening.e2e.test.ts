import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOriginSignError, type OriginSignError } from '@originsign/core/errors/error';
import {
  createTestToken,
  pkcs11Tool,
  testTokenOptions,
  type TestToken,
  type TestTokenOptions,
} from '@originsign/testkit/softhsm';
import { ensureTools } from '@originsign/testkit/tools';
import { openHsm } from './hsm.ts';
import type { TokenEvent } from './token-supervisor.ts';

const WRONG_PIN = 'wrong-pin-31337';
const SPY = [
  '/usr/lib/x86_64-linux-gnu/pkcs11-spy.so',
  '/usr/lib/aarch64-linux-gnu/pkcs11-spy.so',
  '/usr/lib64/pkcs11-spy.so',
];

let token: TestToken;
beforeAll(async () => {
  ensureTools(['pkcs11-tool']);
  token = await createTestToken();
});
afterAll(async () => {
  await token.remove();
});

/** The error of opening, and everything that was reported meanwhile. */
async function refusal(...tokens: TestTokenOptions[]): Promise<{ error: OriginSignError; events: TokenEvent[] }> {
  const events: TokenEvent[] = [];
  try {
    const hsm = await openHsm({ tokens, report: (event) => events.push(event) });
    await hsm.close();
  } catch (error) {
    if (isOriginSignError(error)) return { error, events };
    throw error;
  }
  throw new Error('The token was opened.');
}

/** The module behind a library that writes every call to a file. */
function spied(log: string, change: Partial<TestTokenOptions>): TestTokenOptions {
  const module = SPY.find((path) => existsSync(path));
  if (module === undefined) throw new Error('pkcs11-spy is in none of the usual places.');
  const environment = { ...token.environment, PKCS11SPY: token.module, PKCS11SPY_OUTPUT: log };
  return testTokenOptions(token, { module, environment, ...change });
}

async function logins(log: string): Promise<number> {
  return (await readFile(log, 'utf8')).match(/: C_Login\n/g)?.length ?? 0;
}

describe('a wrong PIN', () => {
  test('is tried exactly once, by one of several processes, and is in no error or event', async () => {
    const log = join(token.directory, 'wrong-pin.log');
    const { error, events } = await refusal(spied(log, { processes: 3, pin: { reveal: () => WRONG_PIN } }));
    expect(error).toMatchObject({
      code: 'hsm.configuration',
      message: 'Token test: The token refused the PIN.',
      details: { returnValue: 'CKR_PIN_INCORRECT', token: 'test' },
    });
    expect(await logins(log)).toBe(1);
    expect(inspect([error, events], { depth: 10 })).not.toContain(WRONG_PIN);
  });

  test('leaves the token usable with the right one', async () => {
    const hsm = await openHsm({ tokens: [testTokenOptions(token)] });
    await expect(hsm.health()).resolves.toBeUndefined();
    await hsm.close();
  });
});

test('each process logs in once, however many sessions it has', async () => {
  const log = join(token.directory, 'right-pin.log');
  const hsm = await openHsm({ tokens: [spied(log, { processes: 2, sessions: 6 })] });
  await hsm.close();
  expect(await logins(log)).toBe(2);
});

test('a PIN that is changed while the server runs is not tried again and again', async () => {
  const changing = await createTestToken('first-pin-1');
  const events: TokenEvent[] = [];
  let onFailed: (event: TokenEvent) => void = () => undefined;
  const failed = new Promise<TokenEvent>((resolve) => (onFailed = resolve));
  const report = (event: TokenEvent): void => {
    events.push(event);
    if (event.kind === 'failed') onFailed(event);
  };
  const hsm = await openHsm({ tokens: [testTokenOptions(changing)], report });
  const key = await hsm.generate('key', 'p-256');
  await pkcs11Tool(changing, '--change-pin', '--new-pin', 'second-pin-2');
  for (const pid of hsm.pids) process.kill(pid, 'SIGKILL');
  expect(await failed).toMatchObject({ permanent: true, error: { code: 'hsm.configuration' } });
  const signing = hsm.sign(key, { kind: 'message', bytes: new Uint8Array(1) });
  await expect(signing).rejects.toMatchObject({ code: 'hsm.unavailable' });
  await expect(hsm.health()).rejects.toMatchObject({ code: 'hsm.unavailable' });
  expect(events.map(({ kind }) => kind)).toEqual(['opened', 'lost', 'failed']);
  await hsm.close();
  await changing.remove();
});

test('the server opens with one of two tokens and says which one does not answer', async () => {
  const broken = testTokenOptions(token, { name: 'broken', environment: { SOFTHSM2_CONF: '/nonexistent' } });
  const hsm = await openHsm({ tokens: [broken, testTokenOptions(token, { name: 'sound' })] });
  const health = hsm.health();
  await expect(health).rejects.toMatchObject({
    code: 'hsm.unavailable',
    message: 'These tokens do not answer: broken.',
  });
  const key = await hsm.generate('beside-a-broken-one', 'p-256', 'sound');
  expect(await hsm.sign(key, { kind: 'message', bytes: new Uint8Array(1) })).toBeInstanceOf(Uint8Array);
  await hsm.close();
});

// Elsewhere there is no /proc to look into.
test.runIf(process.platform === 'linux')(
  'the PIN is neither in the arguments nor in the environment of the signer process, nor is any variable of the server',
  async () => {
    process.env['ORIGINSIGN_TEST_SECRET'] = 'only-for-the-server';
    const hsm = await openHsm({ tokens: [testTokenOptions(token)] });
    delete process.env['ORIGINSIGN_TEST_SECRET'];
    const seen = await Promise.all(
      ['cmdline', 'environ'].map((file) => readFile(`/proc/${hsm.pids[0]}/${file}`, 'utf8')),
    );
    await hsm.close();
    expect(seen.join('\n')).toContain('SOFTHSM2_CONF');
    expect(seen.join('\n')).not.toContain(token.pin);
    expect(seen.join('\n')).not.toContain('only-for-the-server');
  },
);

describe('refuses', () => {
  test('a serial number that the module does not show, naming those that it does', async () => {
    const { error } = await refusal(testTokenOptions(token, { serial: '0000000000000000' }));
    expect(error).toMatchObject({
      code: 'hsm.configuration',
      message: 'Token test: The module has no token with the serial number 0000000000000000.',
      hint: `it shows ${token.serial} (test)`,
    });
  });

  test('a module that is not there', async () => {
    const { error } = await refusal(testTokenOptions(token, { module: '/nonexistent/module.so' }));
    expect(error).toMatchObject({
      code: 'hsm.configuration',
      message: 'Token test: The PKCS#11 module /nonexistent/module.so cannot be loaded.',
    });
  });

  test('a file that is no module', async () => {
    const module = join(token.directory, 'text.so');
    await writeFile(module, 'not a library');
    expect((await refusal(testTokenOptions(token, { module }))).error.code).toBe('hsm.configuration');
  });

  test('a library that is no PKCS#11 module', async () => {
    const library = ['/lib/x86_64-linux-gnu/libm.so.6', '/lib/aarch64-linux-gnu/libm.so.6', '/lib64/libm.so.6'].find(
      (path) => existsSync(path),
    );
    if (library === undefined) throw new Error('There is no libm.so.6 where it usually is.');
    expect((await refusal(testTokenOptions(token, { module: library }))).error.code).toBe('hsm.configuration');
  });

  test('a module whose own configuration is missing', async () => {
    const environment = { SOFTHSM2_CONF: '/nonexistent/softhsm2.conf' };
    const { error } = await refusal(testTokenOptions(token, { environment }));
    expect(['hsm.unavailable', 'hsm.configuration']).toContain(error.code);
  });

  test('a user type that the token does not know', async () => {
    const { error } = await refusal(testTokenOptions(token, { userType: 0x8000_0001 }));
    expect(error).toMatchObject({ code: 'hsm.configuration', details: { returnValue: 'CKR_USER_TYPE_INVALID' } });
  });

  test('to open without a token', async () => {
    expect((await refusal()).error.code).toBe('hsm.configuration');
  });
});

test('a key is found and used on whichever of two tokens has it', async () => {
  const other = await createTestToken('another-pin-77');
  const tokens = [testTokenOptions(token, { name: 'first' }), testTokenOptions(other, { name: 'second' })];
  const hsm = await openHsm({ tokens });
  try {
    const made = await hsm.generate('on-the-second', 'p-256', 'second');
    expect(made.token).toBe('second');
    expect(await hsm.find('on-the-second')).toEqual(made);
    expect(await hsm.sign(made, { kind: 'message', bytes: new Uint8Array(1) })).toBeInstanceOf(Uint8Array);
    await expect(
      hsm.sign({ ...made, label: 'nowhere' }, { kind: 'message', bytes: new Uint8Array(1) }),
    ).rejects.toMatchObject({
      code: 'key.unknown',
    });
  } finally {
    await hsm.close();
    await other.remove();
  }
});
