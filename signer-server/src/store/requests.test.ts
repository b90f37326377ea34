import { describe, expect, test } from 'vitest';
import { STATES, type State } from '@originsign/core/protocol/signing-request';
import { utf8 } from '@originsign/core/encoding/bytes';
import { insertArtifacts, listArtifacts, storeFinished, storePrepared } from './artifacts.ts';
import type { Db } from './database.ts';
import { countForRun, countSince } from './limits.ts';
import { COUNTED_STATES, mayFollow, OPEN_STATES, REQUEST_STATES } from './request-states.ts';
import {
  findRequest,
  insertRequest,
  listRequests,
  moveRequest,
  openRequestIds,
  recordIntent,
  storeReceipt,
} from './requests.ts';
import { ENGINES, idOf, later, newArtifact, newRequest, NOW } from './store.test.fixture.ts';
import { transaction } from './transaction.ts';

const RULE = { project: 'acme-app', policy: 'release', rule: 'tag-build' };

describe('the state machine', () => {
  test('has a row for every state of the protocol and ends in the five final ones', () => {
    expect(Object.keys(REQUEST_STATES).sort()).toEqual([...STATES].sort());
    expect(STATES.filter((state) => REQUEST_STATES[state].next.length === 0)).toEqual([
      'completed',
      'denied',
      'failed',
      'cancelled',
      'expired',
    ]);
    expect([...OPEN_STATES]).toEqual(['waiting_for_approval', 'signing']);
    expect([...COUNTED_STATES].sort()).toEqual(['completed', 'signing', 'waiting_for_approval']);
  });

  test('takes nothing back once the HSM may have signed', () => {
    expect(mayFollow('waiting_for_approval', 'cancelled')).toBe(true);
    expect(mayFollow('signing', 'cancelled')).toBe(false);
    expect(mayFollow('waiting_for_approval', 'completed')).toBe(false);
  });
});

describe.each(ENGINES)('requests on $name', ({ open }) => {
  const store = async (db: Db, name: string, changes: Parameters<typeof newRequest>[1] = {}): Promise<string> => {
    await transaction(db, (trx) => insertRequest(trx, newRequest(name, changes)));
    return idOf(name);
  };

  test('come back as they were stored', async () => {
    const db = await open();
    const id = await store(db, 'one');
    const row = await findRequest(db, id);
    expect(row).toMatchObject({ id, state: 'signing', attempts: 0, intent_index: null, receipt: null });
    expect(utf8('one')).toEqual(Uint8Array.from(row?.payload ?? []));
    expect(await findRequest(db, idOf('two'))).toBeUndefined();
    await expect(store(db, 'one')).rejects.toThrow('UNIQUE');
  });

  test('move only from the state that the caller saw, and only once', async () => {
    const db = await open();
    const id = await store(db, 'one', { state: 'waiting_for_approval' });
    const move = (from: State, to: State): Promise<boolean> =>
      transaction(db, (trx) => moveRequest(trx, { id, from, to, now: later(1) }));
    expect(await move('signing', 'completed')).toBe(false);
    expect(await move('waiting_for_approval', 'signing')).toBe(true);
    expect(await move('waiting_for_approval', 'cancelled')).toBe(false);
    await expect(move('signing', 'cancelled')).rejects.toThrow(TypeError);
    expect(await findRequest(db, id)).toMatchObject({ state: 'signing', updated_at: later(1).toISOString() });
    const outcomes = await Promise.all([move('signing', 'completed'), move('signing', 'failed')]);
    expect(outcomes).toEqual([true, false]);
  });

  test('refuse every step that the table does not have', async () => {
    const db = await open();
    for (const from of STATES) {
      for (const to of STATES.filter((state) => !mayFollow(from, state))) {
        const step = transaction(db, (trx) => moveRequest(trx, { id: 'any', from, to, now: NOW }));
        await expect(step).rejects.toThrow(TypeError);
      }
    }
  });

  test('complete only under the INTENT that was not replaced', async () => {
    const db = await open();
    const id = await store(db, 'one');
    const intent = (index: number, replaces: number | null, attempt: number): Promise<boolean> =>
      transaction(db, (trx) =>
        recordIntent(trx, {
          id,
          index,
          replaces,
          attempt,
          leaf: new Uint8Array(32).fill(index),
          records: '[]',
          lease: { owner: 'a', until: later(60) },
          now: NOW,
          signingTime: NOW,
        }),
      );
    const complete = (intentIndex: number | null): Promise<boolean> =>
      transaction(db, (trx) => moveRequest(trx, { id, from: 'signing', to: 'completed', now: NOW, intentIndex }));
    expect(await intent(1, null, 1)).toBe(true);
    expect(await intent(2, null, 1)).toBe(false);
    expect(await intent(3, 1, 2)).toBe(true);
    expect(await intent(4, 1, 2)).toBe(false);
    expect([await complete(null), await complete(1), await complete(3)]).toEqual([false, false, true]);
    expect(await findRequest(db, id)).toMatchObject({ intent_index: 3, attempts: 2, lease_owner: 'a' });
    expect(await intent(5, 3, 3)).toBe(false);
  });

  test('keep the first receipt, and none before they are completed', async () => {
    const db = await open();
    const id = await store(db, 'one');
    await storeReceipt(db, id, 'too early');
    expect((await findRequest(db, id))?.receipt).toBeNull();
    await transaction(db, (trx) => moveRequest(trx, { id, from: 'signing', to: 'completed', now: NOW }));
    await storeReceipt(db, id, 'first');
    await storeReceipt(db, id, 'second');
    expect((await findRequest(db, id))?.receipt).toBe('first');
  });

  test('are listed newest first, and open ones oldest first', async () => {
    const db = await open();
    for (const [name, seconds] of [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ] as const) {
      await store(db, name, { created_at: later(seconds).toISOString(), project: name === 'c' ? 'other' : 'acme-app' });
    }
    await transaction(db, (trx) => moveRequest(trx, { id: idOf('a'), from: 'signing', to: 'failed', now: NOW }));
    const ids = async (filter: Partial<Parameters<typeof listRequests>[1]>): Promise<string[]> =>
      (await listRequests(db, { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['b', 'c', 'a'].map(idOf));
    expect(await ids({ project: 'acme-app' })).toEqual(['b', 'a'].map(idOf));
    expect(await ids({ state: 'failed' })).toEqual([idOf('a')]);
    expect(await ids({ before: later(3), limit: 1 })).toEqual([idOf('c')]);
    expect(await openRequestIds(db, 10)).toEqual(['c', 'b'].map(idOf));
  });

  test('use up limits unless they ended without a release', async () => {
    const db = await open();
    const ends: readonly State[] = ['completed', 'denied', 'failed', 'expired'];
    for (const [n, to] of ends.entries()) {
      const id = await store(db, to, { created_at: later(n).toISOString() });
      expect(await countForRun(db, RULE, 'run 1')).toBe(n === 0 ? 1 : 2);
      await transaction(db, (trx) => moveRequest(trx, { id, from: 'signing', to, now: NOW }));
    }
    expect(await countForRun(db, RULE, 'run 1')).toBe(1);
    await store(db, 'waiting', { state: 'waiting_for_approval', created_at: later(10).toISOString() });
    await store(db, 'other run', { limit_run_key: 'run 2', created_at: later(10).toISOString() });
    await store(db, 'other rule', { rule: 'nightly' });
    await store(db, 'other policy', { policy: 'test' });
    await store(db, 'other project', { project: 'other' });
    expect(await countForRun(db, RULE, 'run 1')).toBe(2);
    expect(await countSince(db, RULE, later(-1))).toBe(3);
    expect(await countSince(db, RULE, later(5))).toBe(2);
    expect(await countSince(db, RULE, later(10))).toBe(0);
  });

  test('of one run under a limit of one: fifty at once yield exactly one', async () => {
    const db = await open();
    const accept = (n: number): Promise<boolean> =>
      transaction(db, async (trx) => {
        if ((await countForRun(trx, RULE, 'run 1')) >= 1) return false;
        await insertRequest(trx, newRequest(`parallel ${n}`));
        return true;
      });
    const accepted = await Promise.all(Array.from({ length: 50 }, (_, n) => accept(n)));
    expect(accepted.filter(Boolean)).toHaveLength(1);
  });

  test('carry up to 1,024 artifacts with what was signed', async () => {
    const db = await open();
    const id = await store(db, 'many');
    const artifacts = Array.from({ length: 1024 }, (_, position) => newArtifact(id, position));
    await transaction(db, (trx) => insertArtifacts(trx, artifacts.toReversed()));
    expect((await listArtifacts(db, id)).map(({ position }) => position)).toEqual(
      artifacts.map(({ position }) => position),
    );
    const bytes = (text: string): Uint8Array => utf8(text);
    await transaction(db, async (trx) => {
      const prepared = {
        position: 7,
        structure: bytes('structure'),
        toBeSigned: bytes('tbs'),
        kind: 'digest' as const,
        keyLabel: 'k',
      };
      await storePrepared(trx, id, [prepared]);
      const timestamp = { token: bytes('token'), time: NOW };
      await storeFinished(trx, id, [{ position: 7, signature: bytes('signature'), block: bytes('block'), timestamp }]);
    });
    const row = (await listArtifacts(db, id))[7];
    expect(row).toMatchObject({ to_be_signed_kind: 'digest', key_label: 'k', timestamp_time: NOW.toISOString() });
    expect(Buffer.from(row?.block ?? []).toString()).toBe('block');
    const unknown = { position: 1024, signature: bytes(''), block: bytes(''), timestamp: undefined };
    await expect(transaction(db, (trx) => storeFinished(trx, id, [unknown]))).rejects.toThrow(TypeError);
  });
});
