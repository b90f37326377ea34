import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Db } from './database.ts';
import { readEvidence, storeEvidence } from './evidence.ts';
import { findKeySet, keySetHash, rememberKeySet } from './issuer-key-sets.ts';
import { findKey, insertKey, keyCertificates, listKeys, retireKey, setCertificates, type NewKey } from './keys.ts';
import { lockToken, purgeProofLocks } from './proof-locks.ts';
import { insertRequest } from './requests.ts';
import { seal, unseal } from './sealing.ts';
import { ENGINES, idOf, later, newRequest, NOW } from './store.test.fixture.ts';
import { transaction } from './transaction.ts';
import { consumeToken, purgeTokens, tokenUser } from './used-tokens.ts';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

describe.each(ENGINES)('one-use tokens on $name', ({ open }) => {
  const consume = (db: Db, tokenKey: string, requestId: string, expiresAt = later(300)): Promise<boolean> =>
    transaction(db, (trx) => consumeToken(trx, { tokenKey, requestId, expiresAt }));

  test('are used up by exactly one of many', async () => {
    const db = await open();
    const uses = await Promise.all(Array.from({ length: 40 }, (_, n) => consume(db, 'jti 1', `request ${n}`)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await tokenUser(db, 'jti 1')).toBe(`request ${uses.indexOf(true)}`);
    expect(await consume(db, 'jti 2', 'request 1')).toBe(true);
  });

  test('that may be used several times are used up so often and not once more', async () => {
    const db = await open();
    const use = (_: unknown, n: number): Promise<boolean> =>
      transaction(db, (trx) =>
        consumeToken(trx, { tokenKey: 'jti', uses: 16, requestId: `request ${n}`, expiresAt: later(300) }),
      );
    const uses = await Promise.all(Array.from({ length: 40 }, use));
    expect(uses.filter(Boolean)).toHaveLength(16);
    expect(await consume(db, 'jti', 'another request')).toBe(false);
    expect(await purgeTokens(db, later(301))).toBe(16);
  });

  test('come back where the transaction that used them rolls back', async () => {
    const db = await open();
    const failing = transaction(db, async (trx) => {
      await consumeToken(trx, { tokenKey: 'jti', requestId: 'first', expiresAt: NOW });
      throw new Error('no limit left');
    });
    await expect(failing).rejects.toThrow('no limit left');
    expect(await consume(db, 'jti', 'second')).toBe(true);
  });

  test('are forgotten after they expired, not before', async () => {
    const db = await open();
    await consume(db, 'old', 'a', later(-1));
    await consume(db, 'live', 'a', later(0));
    expect(await purgeTokens(db, NOW)).toBe(1);
    expect([await consume(db, 'live', 'b'), await consume(db, 'old', 'b')]).toEqual([false, true]);
  });

  test('of a proof binding belong to the first key', async () => {
    const db = await open();
    const lock = (keyThumbprint: string): Promise<boolean> =>
      transaction(db, (trx) => lockToken(trx, { tokenKey: 'token', keyThumbprint, expiresAt: NOW }));
    expect([await lock('a'), await lock('b'), await lock('a')]).toEqual([true, false, true]);
    expect([await purgeProofLocks(db, NOW), await purgeProofLocks(db, later(1))]).toEqual([0, 1]);
    expect(await lock('b')).toBe(true);
  });

  test('stay readable for auditors, after they are dead and under the right key alone', async () => {
    const db = await open();
    const [key, other] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))];
    const place = { requestId: idOf('one'), kind: 'token.ci' };
    await transaction(db, async (trx) => {
      await insertRequest(trx, newRequest('one'));
      await storeEvidence(trx, key, { ...place, plaintext: utf8('the token'), discloseAfter: later(60) });
    });
    const { sealed } = await db.selectFrom('evidence').select('sealed').executeTakeFirstOrThrow();
    expect(Buffer.from(sealed).includes('the token')).toBe(false);
    await expect(readEvidence(db, key, place, later(59))).rejects.toThrow(refusedAs('request.state'));
    expect(Buffer.from((await readEvidence(db, key, place, later(60))) ?? []).toString()).toBe('the token');
    await expect(readEvidence(db, other, place, later(60))).rejects.toThrow(refusedAs('store.corrupt'));
    expect(await readEvidence(db, key, { ...place, kind: 'other' }, later(60))).toBeUndefined();
  });

  test('name the key sets they were checked with', async () => {
    const db = await open();
    const remember = (body: string): Promise<boolean> =>
      transaction(db, (trx) => rememberKeySet(trx, 'github', body, NOW));
    expect([await remember('{"keys":[]}'), await remember('{"keys":[]}'), await remember('{}')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await findKeySet(db, keySetHash('{"keys":[]}'))).toBe('{"keys":[]}');
    expect(await findKeySet(db, keySetHash('other'))).toBeUndefined();
  });
});

describe('sealed values', () => {
  const key = new Uint8Array(randomBytes(32));
  const place = { requestId: 'id', kind: 'token.ci' };

  test('do not open after any change, in another place, or cut', () => {
    const sealed = seal(key, place, utf8('secret'));
    expect(Buffer.from(unseal(key, place, sealed)).toString()).toBe('secret');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(key, place, changed), `byte ${at}`).toThrow(refusedAs('store.corrupt'));
      expect(() => unseal(key, place, sealed.subarray(0, at)), `cut at ${at}`).toThrow(refusedAs('store.corrupt'));
    }
    for (const elsewhere of [
      { ...place, requestId: 'other' },
      { ...place, kind: 'other' },
      { requestId: 'idtoken', kind: '.ci' },
    ]) {
      expect(() => unseal(key, elsewhere, sealed)).toThrow(refusedAs('store.corrupt'));
    }
  });

  test('of the same text differ', () => {
    expect(seal(key, place, utf8('secret'))).not.toEqual(seal(key, place, utf8('secret')));
  });
});

describe.each(ENGINES)('keys on $name', ({ open }) => {
  const newKey = (label: string, changes: Partial<NewKey> = {}): NewKey => ({
    label,
    purpose: 'authenticode',
    type: 'rsa-3072',
    token: 'trial',
    cka_id: utf8(label),
    spki: utf8(`spki of ${label}`),
    certificates: [],
    created_at: NOW.toISOString(),
    trial: 1,
    ...changes,
  });

  test('have one label, one purpose and one row per public key', async () => {
    const db = await open();
    const insert = (key: NewKey): Promise<void> => transaction(db, (trx) => insertKey(trx, key));
    await insert(newKey('b'));
    await insert(newKey('a'));
    await expect(insert(newKey('a', { spki: utf8('other') }))).rejects.toThrow(refusedAs('key.exists'));
    await expect(insert(newKey('c', { spki: utf8('spki of a'), purpose: 'raw' }))).rejects.toThrow(
      refusedAs('key.exists'),
    );
    expect((await listKeys(db)).map(({ label }) => label)).toEqual(['a', 'b']);
    expect(await findKey(db, 'c')).toBeUndefined();
  });

  test('take certificates and can be retired', async () => {
    const db = await open();
    await transaction(db, async (trx) => {
      await insertKey(trx, newKey('a'));
      await setCertificates(trx, 'a', [utf8('leaf'), utf8('root')]);
      await retireKey(trx, 'a', NOW);
    });
    const row = await findKey(db, 'a');
    expect(row).toMatchObject({ retired_at: NOW.toISOString(), purpose: 'authenticode' });
    expect(row && keyCertificates(row).map((bytes) => Buffer.from(bytes).toString())).toEqual(['leaf', 'root']);
    await expect(transaction(db, (trx) => retireKey(trx, 'b', NOW))).rejects.toThrow(refusedAs('key.unknown'));
  });
});
