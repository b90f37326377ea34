import { Kysely } from 'kysely';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Database, Db } from './database.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';
import { ImmediateSqliteDialect } from './sqlite-dialect.ts';

/** How to open a store. */
export interface OpenOptions {
  /** Whether a database may be made where there is none: `init` alone does that. */
  readonly create?: boolean;
  /** Milliseconds to wait for another process that writes; 5,000 where left out. */
  readonly busyTimeout?: number;
}

/**
 * Opens the store behind a URL (`sqlite:/path/to/file`, `sqlite::memory:`) and brings its schema up to date.
 * Call `destroy()` on the handle to close it.
 *
 * Throws `store.addon`, `store.unavailable`, `store.schema` (written by a newer version) and `config.invalid`.
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Db> {
  const { create = false, busyTimeout = 5000 } = options;
  const sqlite = await openSqlite(sqlitePath(url), { create, busyTimeout });
  const db = new Kysely<Database>({ dialect: new ImmediateSqliteDialect(sqlite) });
  try {
    await migrate(db, { create: create || url === 'sqlite::memory:' });
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function sqlitePath(url: string): string {
  const [, path = ''] = /^sqlite:(?!\/\/)(.+)$/s.exec(url) ?? [];
  if (path === '') {
    throw new OriginSignError('config.invalid', 'The store URL is not of the form sqlite:<path>.', {
      hint: 'this version keeps its store in SQLite: sqlite:/var/lib/originsign/store.db',
    });
  }
  return path;
}
