import { describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { encodeEntry } from '@originsign/core/log/entries';
import { formatCheckpoint } from '@originsign/core/log/checkpoint';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { signNote, type NoteSigner } from '@originsign/core/log/signed-note';
import { REQUEST, testNoteSigner } from '@originsign/testkit/test-log';
import type { Db } from '../store/database.ts';
import { ENGINES } from '../store/store.test.fixture.ts';
import { transaction } from '../store/transaction.ts';
import { appendEntries } from './append.ts';
import { appendDenials, denial, NOW, ORIGIN, testPublisher } from './log.test.fixture.ts';
import { storedRoot } from './read.ts';
import { verifyStoreLog } from './verify-store-log.ts';

const SIZE = 70;

interface StoredLog {
  readonly db: Db;
  readonly signer: NoteSigner;
}

async function storedLog(open: () => Promise<Db>): Promise<StoredLog> {
  const db = await open();
  const { publisher, signer } = testPublisher(db);
  await publisher.checkpointFor(0);
  await appendDenials(db, 33);
  await publisher.checkpointFor(33);
  await appendDenials(db, SIZE - 33);
  await publisher.checkpointFor(SIZE);
  return { db, signer };
}

const check = ({ db, signer }: StoredLog): ReturnType<typeof verifyStoreLog> =>
  verifyStoreLog(db, { origin: ORIGIN, keys: [signer.key] });
const refused = (table: string, row: unknown, column?: string): unknown =>
  expect.objectContaining({
    code: 'log.corrupt',
    details: { table, row, ...(column === undefined ? {} : { column }) },
  });

describe.each(ENGINES)('the check of a stored log on $name', ({ open }) => {
  test('reports an honest one, also while it grows', async () => {
    const log = await storedLog(open);
    expect(await check(log)).toMatchObject({ size: SIZE, types: { DENIAL: SIZE }, checkpoints: 3 });
    await appendDenials(log.db, 1);
    expect(await check(log)).toMatchObject({ size: SIZE + 1, checkpoints: 3 });
    expect(await check({ ...log, db: await open() })).toMatchObject({ size: 0, types: {} });
  });

  test('names an entry that was changed, with or without its leaf', async () => {
    const log = await storedLog(open);
    const entry = encodeEntry(denial('other'), NOW, new Uint8Array(16));
    const update = (set: object): Promise<unknown> =>
      log.db.updateTable('log_entries').set(set).where('idx', '=', 40).execute();
    await update({ entry });
    await expect(check(log)).rejects.toThrow(refused('log_entries', 40));
    await update({ leaf: leafHash(entry) });
    await expect(check(log)).rejects.toThrow(refused('log_nodes', [1, 20], 'hash'));
  });

  test('names an entry that is missing, and those behind it that moved up', async () => {
    const log = await storedLog(open);
    await log.db.deleteFrom('log_entries').where('idx', '=', 12).execute();
    await expect(check(log)).rejects.toThrow(refused('log_entries', 12));
    await log.db
      .updateTable('log_entries')
      .set({ idx: 12 })
      .where('idx', '=', SIZE - 1)
      .execute();
    await expect(check(log)).rejects.toThrow(expect.objectContaining({ code: 'log.corrupt' }));
  });

  test('names an inner node that was changed or is missing', async () => {
    for (const [level, idx] of [
      [1, 0],
      [1, 34],
      [4, 3],
      [6, 0],
    ] as const) {
      const log = await storedLog(open);
      const node = log.db.updateTable('log_nodes').where('level', '=', level).where('idx', '=', idx);
      await node.set({ hash: new Uint8Array(32) }).execute();
      await expect(check(log)).rejects.toThrow(refused('log_nodes', [level, idx], 'hash'));
      await log.db.deleteFrom('log_nodes').where('level', '=', level).where('idx', '=', idx).execute();
      await expect(check(log)).rejects.toThrow(refused('log_nodes', [level, idx]));
    }
  });

  test('names rows behind the end of the log', async () => {
    const log = await storedLog(open);
    const hash = new Uint8Array(32);
    await log.db.insertInto('log_nodes').values({ level: 3, idx: 8, hash }).execute();
    await expect(check(log)).rejects.toThrow(refused('log_nodes', [3, 8]));
    await log.db.deleteFrom('log_nodes').where('idx', '=', 8).where('level', '=', 3).execute();
    await log.db.insertInto('log_entries').values({ idx: SIZE, leaf: hash, entry: hash }).execute();
    await expect(check(log)).rejects.toThrow(refused('log_entries', SIZE));
  });

  test('names a checkpoint that was changed, or that speaks of entries that are gone', async () => {
    const log = await storedLog(open);
    const at33 = log.db.updateTable('log_checkpoints').where('size', '=', 33);
    const honest = await log.db
      .selectFrom('log_checkpoints')
      .selectAll()
      .where('size', '=', 33)
      .executeTakeFirstOrThrow();
    await at33.set({ root: new Uint8Array(32) }).execute();
    await expect(check(log)).rejects.toThrow(refused('log_checkpoints', 33, 'root'));
    const { note: other } = await log.db
      .selectFrom('log_checkpoints')
      .select('note')
      .where('size', '=', SIZE)
      .executeTakeFirstOrThrow();
    await at33.set({ ...honest, note: other }).execute();
    await expect(check(log)).rejects.toThrow(refused('log_checkpoints', 33, 'note'));
    const stranger = await signNote(formatCheckpoint({ ...honest, origin: ORIGIN }), [testNoteSigner(ORIGIN)]);
    await at33.set({ note: stranger }).execute();
    await expect(check(log)).rejects.toThrow(expect.objectContaining({ code: 'note.signature' }));
    await at33.set(honest).execute();
    await check(log);
    await at33.set({ size: SIZE + 1 }).execute();
    await expect(check(log)).rejects.toThrow(refused('log_checkpoints', SIZE + 1));
  });

  test('names the head where it was set back, with its own root', async () => {
    const log = await storedLog(open);
    const short = await open();
    await transaction(short, (trx) => appendEntries(trx, [], NOW));
    const rows = await log.db
      .selectFrom('log_entries')
      .selectAll()
      .where('idx', '<', SIZE - 1)
      .orderBy('idx')
      .execute();
    expect(rows).toHaveLength(SIZE - 1);
    const head = await short.selectFrom('log_head').selectAll().executeTakeFirstOrThrow();
    await log.db.updateTable('log_head').set(head).execute();
    await expect(check(log)).rejects.toThrow(refused('log_checkpoints', 33));
    await log.db.deleteFrom('log_checkpoints').where('size', '>', 0).execute();
    await expect(check(log)).rejects.toThrow(refused('log_entries', SIZE - 1));
  });

  test('names an entry that no honest server writes there', async () => {
    const log = await storedLog(open);
    await transaction(log.db, (trx) => appendEntries(trx, [REQUEST, REQUEST], NOW));
    await expect(check(log)).rejects.toThrow(refused('log_entries', SIZE + 1));
  });

  test('names an entry that cannot be read', async () => {
    const log = await storedLog(open);
    const entry = utf8('{}');
    await log.db
      .updateTable('log_entries')
      .set({ entry, leaf: leafHash(entry) })
      .where('idx', '=', 3)
      .execute();
    await expect(check(log)).rejects.toThrow(refused('log_entries', 3));
    expect(await storedRoot(log.db, 0)).toHaveLength(32);
  });
});
