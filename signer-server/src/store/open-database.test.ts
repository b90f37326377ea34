import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Db } from './database.ts';
import { fixMeta, readMeta, requireMeta, writeMeta } from './meta.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { ENGINES, testFolder } from './store.test.fixture.ts';
import { mapStoreError } from './store-errors.ts';
import { transaction } from './transaction.ts';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

async function newStore(): Promise<{ url: string; path: string }> {
  const path = join(await testFolder(), 'store.db');
  const url = `sqlite:${path}`;
  await (await openDatabase(url, { create: true })).destroy();
  return { url, path };
}

async function pragma(db: Db, name: string): Promise<unknown> {
  const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db);
  return Object.values(rows[0] ?? {})[0];
}

describe('opening a store', () => {
  test('makes a file that its owner alone can read, and its WAL too', async () => {
    const { url, path } = await newStore();
    const db = await openDatabase(url);
    await transaction(db, (trx) => fixMeta(trx, 'trial', 'true'));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    await db.destroy();
  });

  test('sets what its promises rest on', async () => {
    const { url } = await newStore();
    const db = await openDatabase(url, { busyTimeout: 1234 });
    expect(await pragma(db, 'journal_mode')).toBe('wal');
    expect(await pragma(db, 'synchronous')).toBe(2);
    expect(await pragma(db, 'foreign_keys')).toBe(1);
    expect(await pragma(db, 'busy_timeout')).toBe(1234);
    await db.destroy();
  });

  test('keeps what was committed', async () => {
    const { url } = await newStore();
    const first = await openDatabase(url);
    await transaction(first, (trx) => fixMeta(trx, 'log_origin', 'sign.acme.example/log'));
    await first.destroy();
    const second = await openDatabase(url);
    expect(await readMeta(second, 'log_origin')).toBe('sign.acme.example/log');
    await second.destroy();
  });

  test('does not start a new store at a wrong path', async () => {
    const path = join(await testFolder(), 'missing.db');
    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(refusedAs('store.unavailable'));
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await expect(openDatabase(`sqlite:${path}/below/it`, { create: true })).rejects.toThrow(
      refusedAs('store.unavailable'),
    );
  });

  test('refuses a file that is no store, and leaves it as it is', async () => {
    const folder = await testFolder();
    const empty = join(folder, 'empty.db');
    await writeFile(empty, '');
    await expect(openDatabase(`sqlite:${empty}`)).rejects.toThrow(refusedAs('store.schema'));
    const text = join(folder, 'text.db');
    await writeFile(text, 'not a database, but long enough to be read as the header of one. '.repeat(20));
    const before = await readFile(text);
    await expect(openDatabase(`sqlite:${text}`)).rejects.toThrow(refusedAs('store.corrupt'));
    expect(await readFile(text)).toEqual(before);
    await mkdir(join(folder, 'folder'));
    await expect(openDatabase(`sqlite:${join(folder, 'folder')}`)).rejects.toThrow(refusedAs('store.unavailable'));
  });

  test('refuses the schema of a newer version', async () => {
    const { url } = await newStore();
    const db = await openDatabase(url);
    await db
      .updateTable('meta')
      .set({ value: String(SCHEMA_VERSION + 1) })
      .where('key', '=', 'schema_version')
      .execute();
    await db.destroy();
    await expect(openDatabase(url)).rejects.toThrow(refusedAs('store.schema'));
    await expect(openDatabase(url, { create: true })).rejects.toThrow(refusedAs('store.schema'));
  });

  test('refuses a store that does not say its schema', async () => {
    const { url } = await newStore();
    const db = await openDatabase(url);
    await db.deleteFrom('meta').execute();
    await db.destroy();
    await expect(openDatabase(url)).rejects.toThrow(refusedAs('store.schema'));
  });

  test.each(['', 'sqlite:', 'sqlite://host/file', 'postgres://localhost/store', '/var/lib/store.db', 'SQLITE:x'])(
    'refuses the URL %j',
    async (url) => {
      await expect(openDatabase(url)).rejects.toThrow(refusedAs('config.invalid'));
    },
  );

  test('says store.unavailable while another process holds the write lock', async () => {
    const { url } = await newStore();
    const holder = await openDatabase(url);
    const other = await openDatabase(url, { busyTimeout: 1 });
    await transaction(holder, async (trx) => {
      await expect(transaction(other, (nested) => readMeta(nested, 'trial'))).rejects.toThrow(
        refusedAs('store.unavailable'),
      );
      await readMeta(trx, 'trial');
    });
    await transaction(other, (trx) => fixMeta(trx, 'trial', 'false'));
    await Promise.all([holder.destroy(), other.destroy()]);
  });

  test('maps what the database reports to stable codes', () => {
    const codeOf = (code: string): unknown => mapStoreError(Object.assign(new Error(code), { code }));
    for (const code of [
      'SQLITE_BUSY',
      'SQLITE_BUSY_SNAPSHOT',
      'SQLITE_IOERR_FSYNC',
      'SQLITE_FULL',
      'SQLITE_READONLY_DBMOVED',
      'SQLITE_CANTOPEN',
    ]) {
      expect(codeOf(code)).toMatchObject({ code: 'store.unavailable' });
    }
    for (const code of ['SQLITE_CORRUPT', 'SQLITE_CORRUPT_INDEX', 'SQLITE_NOTADB']) {
      expect(codeOf(code)).toMatchObject({ code: 'store.corrupt' });
    }
    for (const code of ['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_ERROR', 'SQLITE_BUSYBODY']) {
      expect(codeOf(code)).toMatchObject({ code, name: 'Error' });
    }
    expect([mapStoreError(undefined), mapStoreError('text')]).toEqual([undefined, 'text']);
  });
});

describe.each(ENGINES)('$name', ({ open }) => {
  test('rolls everything back where the work throws', async () => {
    const db = await open();
    await expect(
      transaction(db, async (trx) => {
        await fixMeta(trx, 'trial', 'true');
        throw new Error('after a write');
      }),
    ).rejects.toThrow('after a write');
    expect(await readMeta(db, 'trial')).toBeUndefined();
    await transaction(db, (trx) => fixMeta(trx, 'trial', 'true'));
  });

  test('runs transactions one after the other: what one has read, no other changes', async () => {
    const db = await open();
    await transaction(db, (trx) => writeMeta(trx, 'trust_serial', '0'));
    const increment = (): Promise<void> =>
      transaction(db, async (trx) => {
        const serial = Number(await requireMeta(trx, 'trust_serial'));
        await new Promise((wake) => setImmediate(wake));
        await writeMeta(trx, 'trust_serial', String(serial + 1));
      });
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await readMeta(db, 'trust_serial')).toBe('50');
  });

  test('states a fact once', async () => {
    const db = await open();
    await transaction(db, (trx) => fixMeta(trx, 'trial', 'true'));
    await expect(transaction(db, (trx) => fixMeta(trx, 'trial', 'false'))).rejects.toThrow(refusedAs('store.exists'));
    expect(await requireMeta(db, 'trial')).toBe('true');
    await expect(requireMeta(db, 'log_origin')).rejects.toThrow(refusedAs('store.schema'));
  });

  test('keeps values of another type than their column out', async () => {
    const db = await open();
    const set = { size: 'twelve' as unknown as number };
    await expect(db.updateTable('log_head').set(set).execute()).rejects.toThrow(/cannot store TEXT value/);
  });
});
