import { chmod, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Db } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { ENGINES, testFolder } from '../store/store.test.fixture.ts';
import { checkHighWaterMark } from './check-mark.ts';
import { readHead } from './head.ts';
import { fileHighWaterMark } from './high-water-mark.ts';
import { appendDenials, memoryMark, ORIGIN, testPublisher } from './log.test.fixture.ts';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });
const markAt = (size: number, fill = 1) => ({ origin: ORIGIN, size, root: new Uint8Array(32).fill(fill) });

describe('the file of the mark', () => {
  test('is the text of a checkpoint, for its owner alone, and comes back', async () => {
    const path = join(await testFolder(), 'mark');
    const mark = fileHighWaterMark(path);
    expect(await mark.read()).toBeUndefined();
    await mark.write(markAt(7));
    expect(await mark.read()).toEqual(markAt(7));
    expect(await readFile(path, 'utf8')).toMatch(/^sign\.acme\.example\/log\n7\n\S+=\n$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('never goes back, and leaves no other file behind', async () => {
    const folder = await testFolder();
    const mark = fileHighWaterMark(join(folder, 'mark'));
    await mark.write(markAt(7));
    await mark.write(markAt(3, 2));
    await mark.write(markAt(7));
    expect(await mark.read()).toEqual(markAt(7));
    await expect(mark.write(markAt(7, 2))).rejects.toThrow(refusedAs('log.rollback'));
    await expect(mark.write({ ...markAt(7), origin: 'other.example/log' })).rejects.toThrow(refusedAs('log.rollback'));
    expect(await readdir(folder)).toEqual(['mark']);
  });

  test('that cannot be understood, read or written is an error, not a missing mark', async () => {
    const folder = await testFolder();
    const path = join(folder, 'mark');
    for (const text of ['', 'nonsense', `${ORIGIN}\n7\n`, `${ORIGIN}\n07\n${'A'.repeat(43)}=\n`]) {
      await writeFile(path, text);
      await expect(fileHighWaterMark(path).read()).rejects.toThrow(refusedAs('log.corrupt'));
      await expect(fileHighWaterMark(path).write(markAt(1))).rejects.toThrow(refusedAs('log.corrupt'));
    }
    await expect(fileHighWaterMark(folder).read()).rejects.toThrow(refusedAs('log.unavailable'));
    await expect(fileHighWaterMark(join(folder, 'none', 'mark')).write(markAt(1))).rejects.toThrow(
      refusedAs('log.unavailable'),
    );
  });
});

describe.each(ENGINES)('the check at start on $name', ({ open }) => {
  const check = (db: Db, changes: Partial<Parameters<typeof checkHighWaterMark>[0]> = {}): Promise<void> =>
    checkHighWaterMark({ db, mark: memoryMark(), origin: ORIGIN, ...changes });

  test('wants a mark except where an empty log is made', async () => {
    const db = await open();
    const mark = memoryMark();
    await expect(check(db, { mark })).rejects.toThrow(refusedAs('log.mark_missing'));
    await check(db, { mark, init: true });
    await check(db, { mark });
    await appendDenials(db, 1);
    await expect(check(db, { init: true })).rejects.toThrow(refusedAs('log.mark_missing'));
  });

  test('takes a mark behind the store, as a crash after a commit leaves it, and moves it up', async () => {
    const db = await open();
    const mark = memoryMark();
    await check(db, { mark, init: true });
    await appendDenials(db, 3);
    await check(db, { mark });
    expect(await mark.read()).toMatchObject({ size: 3, root: (await readHead(db)).root });
  });

  test('refuses a store that is shorter than its mark, or has another history or name', async () => {
    const db = await open();
    await appendDenials(db, 4);
    const { root } = await readHead(db);
    for (const known of [
      { size: 5, root },
      { size: 3, root },
      { size: 4, root: new Uint8Array(32) },
    ]) {
      const mark = memoryMark();
      await mark.write({ origin: ORIGIN, ...known });
      await expect(check(db, { mark }), String(known.size)).rejects.toThrow(refusedAs('log.rollback'));
    }
    const foreign = memoryMark();
    await foreign.write({ origin: 'other.example/log', size: 4, root });
    await expect(check(db, { mark: foreign })).rejects.toThrow(refusedAs('log.rollback'));
  });

  test('takes the size and root that an operator states instead of a lost mark, if the store has them', async () => {
    const db = await open();
    await appendDenials(db, 4);
    const { root } = await readHead(db);
    await appendDenials(db, 2);
    await check(db, { expected: { size: 4, root } });
    for (const expected of [
      { size: 7, root },
      { size: 4, root: new Uint8Array(32) },
      { size: 5, root },
    ]) {
      await expect(check(db, { expected })).rejects.toThrow(refusedAs('log.rollback'));
    }
    const mark = memoryMark();
    await mark.write({ origin: ORIGIN, size: 9, root });
    await expect(check(db, { mark, expected: { size: 4, root } })).rejects.toThrow(refusedAs('log.rollback'));
  });

  test('refuses a store that is shorter than a checkpoint in it, and one whose tree lost its root', async () => {
    const db = await open();
    await appendDenials(db, 4);
    const { publisher, mark } = testPublisher(db);
    await publisher.checkpointFor(4);
    await db.updateTable('log_checkpoints').set({ size: 9 }).execute();
    await expect(check(db, { mark })).rejects.toThrow(refusedAs('log.rollback'));
    await db.deleteFrom('log_checkpoints').execute();
    await db
      .updateTable('log_nodes')
      .set({ hash: new Uint8Array(32) })
      .where('level', '=', 2)
      .execute();
    await expect(check(db, { mark })).rejects.toThrow(refusedAs('log.rollback'));
    await expect(
      check(db, {
        expected: { size: 1, root: (await db.selectFrom('log_entries').select('leaf').executeTakeFirstOrThrow()).leaf },
      }),
    ).rejects.toThrow(refusedAs('log.corrupt'));
  });
});

describe('an old copy of a database', () => {
  test('is refused, and says what and where', async () => {
    const folder = await testFolder();
    const [path, copy] = [join(folder, 'store.db'), join(folder, 'copy.db')];
    const mark = fileHighWaterMark(join(folder, 'mark'));
    const db = await openDatabase(`sqlite:${path}`, { create: true });
    await checkHighWaterMark({ db, mark, origin: ORIGIN, init: true });
    const { publisher } = testPublisher(db, { mark });
    await appendDenials(db, 2);
    await publisher.checkpointFor(2);
    await db.destroy();
    await copyFile(path, copy);

    const later = await openDatabase(`sqlite:${path}`);
    await appendDenials(later, 3);
    await testPublisher(later, { mark }).publisher.durable(5);
    await later.destroy();

    const old = await openDatabase(`sqlite:${copy}`);
    const start = checkHighWaterMark({ db: old, mark, origin: ORIGIN });
    await expect(start).rejects.toThrow(
      expect.objectContaining({
        code: 'log.rollback',
        message: 'The store ends after 2 log entries, but the high-water mark stands at 5.',
        details: expect.objectContaining({ size: 2, knownSize: 5 }) as unknown,
      }),
    );
    // Nor does it help to let the old copy grow past the mark.
    await appendDenials(old, 8);
    await expect(checkHighWaterMark({ db: old, mark, origin: ORIGIN })).rejects.toThrow(refusedAs('log.rollback'));
    await old.destroy();
    await chmod(folder, 0o700);
  });
});
