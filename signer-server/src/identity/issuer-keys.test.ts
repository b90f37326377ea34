import { utf8 } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { COOLDOWN, createIssuerKeys, HARD_LIFETIME, SOFT_LIFETIME, type IssuerKeys } from './issuer-keys.ts';
import type { KeySet } from './jwk-set.ts';
import type { IssuerConfig } from './key-document.ts';
import { jwkOf, RSA } from './token.test.fixture.ts';

const ISSUER: IssuerConfig = { id: 'github', issuer: 'https://issuer.example', allowPrivateAddress: false };
const SECOND = 1000;

/** An issuer whose answers and clock the test sets. */
class World {
  time = Date.parse('2026-11-22T09:00:00Z');
  fetches = 0;
  /** Key ids that are served, or the error instead. */
  served: readonly string[] | Error = ['one'];
  /** Set while a fetch shall not end. */
  held: Promise<void> | undefined;
  readonly snapshots: string[] = [];
  readonly failures: unknown[] = [];
  refuseSnapshots = false;

  readonly keys: IssuerKeys = createIssuerKeys({
    now: () => new Date(this.time),
    source: async () => {
      this.fetches += 1;
      await this.held;
      if (this.served instanceof Error) throw this.served;
      return utf8(JSON.stringify({ keys: this.served.map((kid) => jwkOf(RSA.publicKey, kid)) }));
    },
    onKeySet: ({ system, keySet }) => {
      if (this.refuseSnapshots) return Promise.reject(new OriginSignError('log.unavailable', 'The log is down.'));
      this.snapshots.push(`${system} ${[...keySet.keys.keys()].join()}`);
      return Promise.resolve();
    },
    onFailure: (_, error) => this.failures.push(error),
  });

  find(kid: string): Promise<string | undefined> {
    return this.keys.resolve(ISSUER, (set: KeySet) => set.keys.get(kid)?.kid);
  }
}

const outage = new OriginSignError('egress.failed', 'The request failed.');

describe('fetches', () => {
  test('once, and again after ten minutes', async () => {
    const world = new World();
    await world.find('one');
    world.time += SOFT_LIFETIME - 1;
    await world.find('one');
    expect(world.fetches).toBe(1);
    world.time += 1;
    await world.find('one');
    expect(world.fetches).toBe(2);
  });

  test('once for many calls at a time', async () => {
    const world = new World();
    let release = (): void => undefined;
    world.held = new Promise((resolve) => (release = resolve));
    const calls = Array.from({ length: 50 }, () => world.find('one'));
    release();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['one']));
    expect(world.fetches).toBe(1);
  });

  test('for each issuer by itself', async () => {
    const world = new World();
    await world.find('one');
    await world.keys.resolve({ ...ISSUER, issuer: 'https://other.example' }, () => true);
    expect(world.fetches).toBe(2);
  });

  test('at once where another source is configured', async () => {
    const world = new World();
    await world.find('one');
    await world.keys.resolve({ ...ISSUER, keysFile: 'keys.json' }, () => true);
    await world.keys.resolve({ ...ISSUER, jwksUri: 'https://issuer.example/keys' }, () => true);
    expect(world.fetches).toBe(3);
  });

  test('at once after the clock was set back', async () => {
    const world = new World();
    await world.find('one');
    world.time -= 60 * 60 * SECOND;
    await world.find('one');
    expect(world.fetches).toBe(2);
  });
});

describe('an unknown key', () => {
  test('is final where the keys were fetched for this very call', async () => {
    const world = new World();
    expect(await world.find('two')).toBeUndefined();
    expect(world.fetches).toBe(1);
  });

  test('makes the set be fetched again after the cooldown, and is then found', async () => {
    const world = new World();
    await world.find('one');
    world.served = ['one', 'two'];
    world.time += COOLDOWN;
    expect(await world.find('two')).toBe('two');
    expect(world.fetches).toBe(2);
  });

  test('within the cooldown is not an answer but a request to come back', async () => {
    const world = new World();
    await world.find('one');
    world.time += 10 * SECOND;
    const refusal = await refusalOf(() => world.find('two'));
    expect([refusal.code, refusal.retryAfter]).toEqual(['issuer.keys_unavailable', 20]);
    expect(world.fetches).toBe(1);
    expect(await world.find('one')).toBe('one');
  });

  test('a thousand times makes one fetch per cooldown', async () => {
    const world = new World();
    await world.find('one');
    for (let index = 0; index < 1000; index += 1) {
      world.time += 100;
      await codeOfAsync(() => world.find(`unknown-${index}`));
    }
    expect(world.fetches).toBe(1 + Math.floor(100_000 / COOLDOWN));
  });

  test('while the issuer is down stays open', async () => {
    const world = new World();
    await world.find('one');
    world.served = outage;
    world.time += COOLDOWN;
    expect(await codeOfAsync(() => world.find('two'))).toBe('issuer.keys_unavailable');
    expect(await world.find('one')).toBe('one');
  });
});

test('a key that is rotated under its old id is found with one fetch', async () => {
  const world = new World();
  await world.find('one');
  world.time += COOLDOWN;
  let rotated = false;
  const result = await world.keys.resolve(ISSUER, (set) => (rotated ? set.hash : void (rotated = true)));
  expect(result).toMatch(/^[0-9a-f]{64}$/);
  expect(world.fetches).toBe(2);
});

describe('an outage', () => {
  test('of 24 hours does not stop known keys, a longer one does', async () => {
    const world = new World();
    await world.find('one');
    world.served = outage;
    for (let hour = 1; hour <= 23; hour += 1) {
      world.time += 60 * 60 * SECOND;
      expect(await world.find('one')).toBe('one');
    }
    world.time += 60 * 60 * SECOND - 1;
    expect(await world.find('one')).toBe('one');
    world.time += COOLDOWN;
    expect(await codeOfAsync(() => world.find('one'))).toBe('issuer.keys_unavailable');
    expect(world.failures).toHaveLength(25);
    expect(HARD_LIFETIME).toBe(24 * 60 * 60 * SECOND);
  });

  test('is not asked about more often than the cooldown allows, failures included', async () => {
    const world = new World();
    world.served = outage;
    for (let index = 0; index < 10; index += 1) {
      expect(await codeOfAsync(() => world.find('one'))).toBe('issuer.keys_unavailable');
      world.time += 2999;
    }
    expect(world.fetches).toBe(1);
    world.time += COOLDOWN;
    world.served = ['one'];
    expect(await world.find('one')).toBe('one');
  });

  test('says when to come back and which kind of failure it was, not where', async () => {
    const world = new World();
    world.served = new OriginSignError('egress.failed', 'The request to https://secret@internal failed.');
    const { message, retryAfter } = await refusalOf(() => world.find('one'));
    expect(message).toContain('egress.failed');
    expect(message).not.toContain('secret');
    expect(retryAfter).toBe(30);
  });

  test('that ends makes keys that were removed meanwhile unknown', async () => {
    const world = new World();
    await world.find('one');
    world.served = ['two'];
    world.time += SOFT_LIFETIME;
    expect(await world.find('one')).toBeUndefined();
  });
});

describe('a hostile answer keeps the keys that are known', () => {
  test.each<readonly [string, readonly string[]]>([
    ['no keys', []],
    ['33 keys', Array.from({ length: 33 }, (_, index) => `k${index}`)],
    ['the known kid twice', ['one', 'one']],
  ])('%s', async (_, served) => {
    const world = new World();
    await world.find('one');
    world.served = served;
    world.time += SOFT_LIFETIME;
    expect(await world.find('one')).toBe('one');
    expect(world.failures).toHaveLength(1);
  });
});

describe('a new key set', () => {
  test('is told once, before it is used, and again when it comes back', async () => {
    const world = new World();
    await world.find('one');
    for (const served of [['one'], ['two'], ['one']]) {
      world.served = served;
      world.time += SOFT_LIFETIME;
      await world.find('one');
    }
    expect(world.snapshots).toEqual(['github one', 'github two', 'github one']);
  });

  test('is not used where it cannot be told', async () => {
    const world = new World();
    world.refuseSnapshots = true;
    expect(await codeOfAsync(() => world.find('one'))).toBe('issuer.keys_unavailable');
    world.refuseSnapshots = false;
    world.time += COOLDOWN;
    expect(await world.find('one')).toBe('one');
  });
});
