import { describe, expect, test } from 'vitest';
import { OriginSignError } from '@originsign/core/errors/error';
import { BlockingGate } from './blocking-gate.ts';
import { decodeError, encodeError } from './messages.ts';
import { loadAddon } from './pkcs11-addon.ts';
import { describeFailure, isFatal, isRefusedLogin, isStaleKey } from './pkcs11-errors.ts';
import { restartDelay } from './restart-delay.ts';
import { signerEnvironment } from './signer-environment.ts';
import { findSoftHsmModule } from './softhsm-module.ts';

describe('blocking signatures', () => {
  function gateAfter(...durations: readonly number[]): boolean {
    const gate = new BlockingGate();
    for (const duration of durations) gate.record(duration);
    return gate.open;
  }
  const slow = (count: number): number[] => Array.from({ length: count }, () => 5);

  test('end once even the fastest of sixteen took a millisecond', () => {
    expect(gateAfter(...slow(15))).toBe(true);
    expect(gateAfter(...slow(16))).toBe(false);
    expect(gateAfter(0.1, ...slow(16))).toBe(false);
  });

  test('go on where some were slow because the machine was busy', () => {
    expect(gateAfter(...slow(15), 0.2, ...slow(15), 0.2)).toBe(true);
  });

  test('do not begin again', () => {
    expect(gateAfter(...slow(16), 0.1, 0.1)).toBe(false);
  });
});

describe('the environment of a signer process', () => {
  test('has what programs need and the module asks for, and no other variable of the server', () => {
    const own = {
      PATH: '/bin',
      LC_ALL: 'C',
      HOME: '/root',
      AWS_SECRET_ACCESS_KEY: 'x',
      NODE_OPTIONS: '--inspect',
      HTTPS_PROXY: 'y',
      NONE: undefined,
    };
    expect(signerEnvironment(own, { SOFTHSM2_CONF: '/c', PATH: '/vendor' }, 8)).toEqual({
      PATH: '/vendor',
      LC_ALL: 'C',
      HOME: '/root',
      SOFTHSM2_CONF: '/c',
      UV_THREADPOOL_SIZE: '8',
    });
  });

  test('has no fewer threads than Node would have by itself', () => {
    expect(signerEnvironment({}, {}, 1)).toEqual({ UV_THREADPOOL_SIZE: '4' });
  });
});

describe('an error of the module', () => {
  const native = (name: string): Error => new Error(name);

  test.each([
    ['CKR_PIN_INCORRECT', 'hsm.configuration', true],
    ['CKR_PIN_LOCKED', 'hsm.configuration', true],
    ['CKR_USER_TYPE_INVALID', 'hsm.configuration', true],
    ['CKR_MECHANISM_INVALID', 'hsm.configuration', false],
    ['CKR_GENERAL_ERROR', 'hsm.unavailable', false],
    ['CKR_USER_PIN_NOT_INITIALIZED', 'hsm.unavailable', false],
    ['CKR_TOKEN_NOT_RECOGNIZED', 'hsm.unavailable', false],
  ])('%s while opening is %s', (returnValue, code, refusedLogin) => {
    const described = describeFailure(native(returnValue), 'hsm.unavailable');
    expect(described).toMatchObject({ code, details: { returnValue } });
    expect(isRefusedLogin(described)).toBe(refusedLogin);
  });

  test('is retryable while signing, with its name and nothing else of its text', () => {
    const described = describeFailure(native('CKR_GENERAL_ERROR pin=1234'), 'hsm.failed');
    expect(described).toMatchObject({ code: 'hsm.failed', message: 'The token could not do it (CKR_GENERAL_ERROR).' });
    expect(describeFailure(native('pin=1234'), 'hsm.failed').message).toBe('The token could not do it.');
  });

  test('tells when the process, or the handle of the key, is of no use any more', () => {
    expect(
      ['CKR_DEVICE_REMOVED', 'CKR_USER_NOT_LOGGED_IN', 'CKR_GENERAL_ERROR'].map((name) => isFatal(native(name))),
    ).toEqual([true, true, false]);
    expect(
      ['CKR_OBJECT_HANDLE_INVALID', 'CKR_KEY_HANDLE_INVALID', 'CKR_GENERAL_ERROR'].map((name) =>
        isStaleKey(native(name)),
      ),
    ).toEqual([true, true, false]);
  });

  test('crosses to the server as it is, without cause and stack', () => {
    const error = new OriginSignError('hsm.configuration', 'It is so.', {
      hint: 'do this',
      details: { a: 1 },
      cause: new Error('hidden'),
    });
    const wire = encodeError(error);
    expect(wire).toEqual({ code: 'hsm.configuration', message: 'It is so.', hint: 'do this', details: { a: 1 } });
    expect(decodeError(wire)).toMatchObject({
      code: 'hsm.configuration',
      message: 'It is so.',
      hint: 'do this',
    });
    expect(decodeError(wire).cause).toBeUndefined();
    expect(decodeError({ code: 'no.such', message: 'x' }).code).toBe('hsm.failed');
  });
});

test('a missing addon is told with the command that installs it', () => {
  const load = (): never => {
    throw new Error("Cannot find module 'pkcs11js'");
  };
  expect(() => loadAddon(load)).toThrow(
    expect.objectContaining({ code: 'hsm.addon', hint: 'npm install --allow-scripts=pkcs11js,better-sqlite3' }),
  );
});

test('restarts are tried ever more rarely, but at least twice a minute', () => {
  expect([1, 2, 3, 4, 9, 10, 1000].map(restartDelay)).toEqual([100, 200, 400, 800, 25_600, 30_000, 30_000]);
});

describe('SoftHSM2', () => {
  test.each([
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib64/pkcs11/libsofthsm2.so',
    '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  ])('is found at %s', (path) => {
    expect(findSoftHsmModule('linux', (candidate) => candidate === path)).toBe(path);
  });

  test.each([
    ['linux', /apt-get install softhsm2/],
    ['darwin', /brew install softhsm/],
  ] as const)('that is missing on %s is told with the command that installs it', (platform, hint) => {
    expect(() => findSoftHsmModule(platform, () => false)).toThrow(
      expect.objectContaining({ code: 'hsm.configuration', hint: expect.stringMatching(hint) as string }),
    );
  });
});
