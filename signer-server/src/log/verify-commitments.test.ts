import type { Updateable } from 'kysely';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { NoteKey } from '@originsign/core/log/note-key';
import type { ArtifactsTable, Db, KeysTable, RequestsTable } from '../store/database.ts';
import { insertRequest, moveRequest } from '../store/requests.ts';
import { ENGINES, newArtifact, newRequest } from '../store/store.test.fixture.ts';
import { insertArtifacts } from '../store/artifacts.ts';
import { transaction } from '../store/transaction.ts';
import { appendEntries } from './append.ts';
import { commitIntent, commitKeys, commitRequest, commitResult, committedId } from './committed-store.test.fixture.ts';
import { denial, NOW, ORIGIN, testPublisher } from './log.test.fixture.ts';
import { verifyCommitments } from './verify-commitments.ts';
import { verifyStoreLog } from './verify-store-log.ts';

interface CommittedStore {
  readonly db: Db;
  readonly keys: readonly NoteKey[];
}

/** A store with one request completed, one being signed and one just accepted. */
async function committedStore(open: () => Promise<Db>): Promise<CommittedStore> {
  const db = await open();
  const { publisher, signer } = testPublisher(db);
  await commitKeys(db);
  await commitRequest(db, 'done');
  await commitResult(db, 'done', await commitIntent(db, 'done'), publisher);
  await commitRequest(db, 'busy');
  await commitIntent(db, 'busy');
  await commitRequest(db, 'new');
  return { db, keys: [signer.key] };
}

const check = ({ db, keys }: CommittedStore): ReturnType<typeof verifyCommitments> =>
  verifyCommitments(db, { origin: ORIGIN, keys });
const refused = (table: string, row: unknown, column?: string): unknown =>
  expect.objectContaining({
    code: 'store.corrupt',
    message: expect.stringContaining(`Table ${table}, row `) as unknown,
    details: { table, row, ...(column === undefined ? {} : { column }) },
  });
const DONE = committedId('done');

describe.each(ENGINES)('rows that the log commits to, on $name', ({ open }) => {
  test('are all as the log has them', async () => {
    const store = await committedStore(open);
    expect(await verifyStoreLog(store.db, { origin: ORIGIN, keys: store.keys })).toMatchObject({ size: 9 });
    expect(await check(store)).toEqual({ requests: 3, artifacts: 9, approvals: 0, keys: 2 });
  });

  const other = utf8('other');
  const requestChanges: readonly Updateable<RequestsTable>[] = [
    { payload: other },
    { project: 'other' },
    { policy: 'test' },
    { policy_hash: '00' },
    { rule: 'other' },
    { binding: 'proof' },
    { system: 'gitlab' },
    { origin: '{}' },
    { origin: 'not JSON' },
    { decision: '{"decision":"deny"}' },
    { claims: '{}' },
    { request_index: 0 },
    { request_records: '[]' },
    { state: 'failed' },
    { state: 'signing' },
    { intent_index: 0 },
    { intent_index: null },
    { intent_leaf: new Uint8Array(32) },
    { intent_leaf: null },
    { intent_records: null },
    { attempts: 2 },
    { lease_owner: 'b' },
    { lease_until: NOW.toISOString() },
    { result_index: null },
    { result_records: null },
    { provenance: null },
    { provenance: '{"dsseEnvelope":{"payload":"YWJj"}}' },
    { receipt: 'c2sp.org/tlog-proof@v1' },
  ];
  test('of requests name the column that was changed', async () => {
    const store = await committedStore(open);
    const honest = await store.db.selectFrom('requests').selectAll().where('id', '=', DONE).executeTakeFirstOrThrow();
    for (const change of requestChanges) {
      const [column = ''] = Object.keys(change);
      await store.db.updateTable('requests').set(change).where('id', '=', DONE).execute();
      await expect(check(store), column).rejects.toThrow(refused('requests', DONE, column));
      await store.db.updateTable('requests').set(honest).where('id', '=', DONE).execute();
    }
    await check(store);
  });

  test('of requests include who started the run, until the salt is deleted', async () => {
    const store = await committedStore(open);
    const { origin } = await store.db.selectFrom('requests').select('origin').executeTakeFirstOrThrow();
    const changed = { origin: origin.replace('"1234"', '"1235"') };
    await store.db.updateTable('requests').set(changed).where('id', '=', DONE).execute();
    await expect(check(store)).rejects.toThrow(refused('requests', DONE, 'origin'));
    const forgotten = {
      origin: origin.replace(/"actor":"alice","actorId":"1234",/, ''),
      claims: '{}',
      commitment_salt: null,
    };
    await store.db.updateTable('requests').set(forgotten).where('id', '=', DONE).execute();
    await check(store);
  });

  const artifactChanges: readonly Updateable<ArtifactsTable>[] = [
    { name: 'evil.exe' },
    { format: 'raw' },
    { covered_algorithm: 'sha256' },
    { covered_value: '22'.repeat(32) },
    { inputs: '{"a":1}' },
    { options: '{"a":1}' },
    { claimed_sha256: '22'.repeat(32) },
    { claimed_size: 1 },
    { key_label: 'other' },
    { to_be_signed: other },
    { to_be_signed: null },
    { structure: other },
    { structure: null },
    { signature: other },
    { signature: null },
    { timestamp_time: null },
    { timestamp_time: '2026-11-22T00:00:00.000Z' },
    { timestamp_token: null },
    { block: other },
  ];
  test('of artifacts name the column that was changed', async () => {
    const store = await committedStore(open);
    for (const position of [1, 2]) {
      const where = store.db.updateTable('artifacts').where('request_id', '=', DONE).where('position', '=', position);
      const honest = await store.db
        .selectFrom('artifacts')
        .selectAll()
        .where('request_id', '=', DONE)
        .where('position', '=', position)
        .executeTakeFirstOrThrow();
      for (const change of artifactChanges) {
        const [column = ''] = Object.keys(change);
        await where.set(change).execute();
        await expect(check(store), column).rejects.toThrow(refused('artifacts', [DONE, position], column));
        await where.set(honest).execute();
      }
    }
    await check(store);
  });

  test('of artifacts have no signature before there is a RESULT', async () => {
    const store = await committedStore(open);
    const busy = committedId('busy');
    await store.db.updateTable('artifacts').set({ signature: other }).where('request_id', '=', busy).execute();
    await expect(check(store)).rejects.toThrow(refused('artifacts', [busy, 0], 'signature'));
  });

  test('are found where they were deleted or added', async () => {
    const store = await committedStore(open);
    await transaction(store.db, (trx) => insertArtifacts(trx, [newArtifact(DONE, 3)]));
    await expect(check(store)).rejects.toThrow(refused('artifacts', [DONE, 3]));
    await store.db.deleteFrom('artifacts').where('position', '=', 3).execute();
    await store.db.deleteFrom('artifacts').where('request_id', '=', DONE).where('position', '=', 1).execute();
    await expect(check(store)).rejects.toThrow(refused('artifacts', [DONE, 1]));

    const added = await committedStore(open);
    await transaction(added.db, (trx) => insertRequest(trx, newRequest('past the log', { request_index: 999 })));
    await expect(check(added)).rejects.toThrow(refused('requests', committedId('past the log')));

    const deleted = await committedStore(open);
    await deleted.db.deleteFrom('artifacts').where('request_id', '=', DONE).execute();
    await deleted.db.deleteFrom('requests').where('id', '=', DONE).execute();
    await expect(check(deleted)).rejects.toThrow(refused('requests', DONE));
  });

  const keyChanges: readonly Updateable<KeysTable>[] = [
    { purpose: 'raw' },
    { type: 'p-256' },
    { spki: other },
    { certificates: '[]' },
    { certificates: 'not JSON' },
    { certificates: '["b3RoZXI="]' },
    { retired_at: NOW.toISOString() },
  ];
  test('of keys keep their purpose, their public key and their certificate', async () => {
    const store = await committedStore(open);
    const honest = await store.db.selectFrom('keys').selectAll().executeTakeFirstOrThrow();
    for (const change of keyChanges) {
      const [column = ''] = Object.keys(change);
      await store.db.updateTable('keys').set(change).execute();
      await expect(check(store), column).rejects.toThrow(refused('keys', 'acme-2026', column));
      await store.db.updateTable('keys').set(honest).execute();
    }
    await store.db.updateTable('keys').set({ label: 'renamed' }).execute();
    await expect(check(store)).rejects.toThrow(refused('keys', 'renamed'));
    await store.db.deleteFrom('keys').execute();
    await expect(check(store)).rejects.toThrow(refused('keys', 'acme-2026'));
  });

  test('of key sets of issuers keep what tokens were checked with', async () => {
    const store = await committedStore(open);
    const honest = await store.db.selectFrom('issuer_key_sets').selectAll().executeTakeFirstOrThrow();
    for (const change of [{ body: '{}' }, { system: 'gitlab' }]) {
      await store.db.updateTable('issuer_key_sets').set(change).execute();
      await expect(check(store)).rejects.toThrow(refused('issuer_key_sets', honest.hash, Object.keys(change)[0]));
      await store.db.updateTable('issuer_key_sets').set(honest).execute();
    }
    await store.db
      .insertInto('issuer_key_sets')
      .values({ ...honest, hash: '00' })
      .execute();
    await expect(check(store)).rejects.toThrow(refused('issuer_key_sets', '00'));
    await store.db.deleteFrom('issuer_key_sets').execute();
    await expect(check(store)).rejects.toThrow(refused('issuer_key_sets', honest.hash));
  });

  test('are no false alarm where a request comes in at any moment of the check', async () => {
    const store = await committedStore(open);
    for (let moment = 1; moment <= 9; moment += 1) {
      let queries = 0;
      let arrival: Promise<void> | undefined;
      const db = store.db.withPlugin({
        transformQuery: ({ node }) => node,
        transformResult: ({ result }) => {
          queries += 1;
          if (queries === moment) arrival = commitRequest(store.db, `at ${moment}`);
          return Promise.resolve(result);
        },
      });
      const { requests } = await check({ ...store, db });
      await arrival;
      expect(arrival, String(moment)).toBeDefined();
      expect([2 + moment, 3 + moment]).toContain(requests);
    }
  });

  test('end as the log says, however they end', async () => {
    const store = await committedStore(open);
    const { db } = store;
    const end = (name: string, body: object, to: 'failed' | 'expired' | 'denied'): Promise<unknown> =>
      transaction(db, async (trx) => {
        await appendEntries(trx, [{ ...body, requestId: committedId(name) } as never], NOW);
        return moveRequest(trx, { id: committedId(name), from: 'signing', to, now: NOW });
      });
    await end('busy', { type: 'EXPIRY' }, 'expired');
    await check(store);
    await end('new', denial('new'), 'denied');
    await check(store);
    // A second copy of a finished request that was denied changes nothing about the first.
    await transaction(db, (trx) => appendEntries(trx, [{ ...denial('done'), requestId: DONE } as never], NOW));
    await check(store);
    await db.updateTable('requests').set({ state: 'failed' }).where('id', '=', committedId('busy')).execute();
    await expect(check(store)).rejects.toThrow(refused('requests', committedId('busy'), 'state'));
  });
});
