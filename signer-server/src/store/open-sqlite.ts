import { closeSync, openSync } from 'node:fs';
import type { default as SqliteConstructor, Database as SqliteHandle } from 'better-sqlite3';
import { OriginSignError } from '@originsign/core/errors/error';
import { mapStoreError } from './store-errors.ts';

/** How to open a SQLite file. */
export interface SqliteOptions {
  /** Whether the file may be made; without it a missing file is an error, because a wrong path must not start a new store. */
  readonly create: boolean;
  /** Milliseconds that a statement waits for another process. */
  readonly busyTimeout: number;
}

/** Opens a SQLite file with the settings that the promises of the store rest on. Throws `store.addon` and `store.unavailable`. */
export async function openSqlite(path: string, options: SqliteOptions): Promise<SqliteHandle> {
  const Sqlite = await loadAddon();
  if (options.create && path !== ':memory:') createPrivately(path);
  const database = openFile(Sqlite, path, options);
  try {
    // WAL lets readers of other processes (backup, verification) go on; FULL makes a commit survive the loss of power.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    return database;
  } catch (error) {
    database.close();
    throw mapStoreError(error);
  }
}

async function loadAddon(): Promise<typeof SqliteConstructor> {
  try {
    const { default: Sqlite } = await import('better-sqlite3');
    // The native half is loaded by the first database, not by the import.
    new Sqlite(':memory:').close();
    return Sqlite;
  } catch (cause) {
    throw new OriginSignError('store.addon', 'The SQLite addon is not installed or does not load.', { cause });
  }
}

/** SQLite gives its WAL and shared memory the permissions of the file; the file holds sealed tokens and requests. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new OriginSignError('store.unavailable', 'The database file cannot be created.', { cause });
  }
}

function openFile(Sqlite: typeof SqliteConstructor, path: string, options: SqliteOptions): SqliteHandle {
  try {
    return new Sqlite(path, { fileMustExist: path !== ':memory:', timeout: options.busyTimeout });
  } catch (cause) {
    const mapped = mapStoreError(cause);
    if (mapped !== cause) throw mapped;
    throw new OriginSignError('store.unavailable', 'The database file cannot be opened.', { cause });
  }
}
