import type { Db, Trx } from './database.ts';

/**
 * Runs `work` in a transaction that holds the write lock from its first statement on (`BEGIN IMMEDIATE`): what it reads cannot
 * change before it writes, so "count, compare, insert" is safe, and two of them run one after the other. It commits when
 * `work` resolves and rolls back when it throws.
 *
 * Inside, use only the handle that is passed in: the outer one waits for the connection that this transaction holds. Nothing
 * that takes long (HSM, network) belongs in here, because all other work of the store waits.
 *
 * Where the commit itself fails with `store.unavailable`, its outcome is unknown: read what it would have written.
 */
export function transaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute(work);
}

/** Runs `read` on the store as it stands now, whatever is written meanwhile, and without holding up whoever writes. */
export function snapshot<T>(db: Db, read: (view: Db) => Promise<T>): Promise<T> {
  return db.transaction().setAccessMode('read only').execute(read);
}
