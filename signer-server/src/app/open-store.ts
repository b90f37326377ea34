import { noteKey, type NoteKey } from '@originsign/core/log/note-key';
import type { ServerConfig } from '../config/server-config.ts';
import type { Db } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { requireKey } from './load-keys.ts';
import { readStoreIdentity, type StoreIdentity } from './store-identity.ts';

/** An initialised store with what is fixed about it. */
export interface OpenedStore extends StoreIdentity {
  readonly db: Db;
  /** Keys that may have signed checkpoints. */
  readonly logKeys: readonly NoteKey[];
}

/** Opens the store of a configuration for the time of one piece of work. Throws `store.*`, `key.*`, `trial.forbidden`. */
export async function withStore<T>(config: ServerConfig, work: (store: OpenedStore) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${config.store.path}`);
  try {
    const identity = await readStoreIdentity(db, config.url);
    const { keys, logOrigin } = identity;
    requireKey(keys, config.log.key, 'log');
    const logKeys = [...keys.values()]
      .filter(({ purpose }) => purpose === 'log')
      .map(({ spki }) => noteKey(logOrigin, spki));
    return await work({ ...identity, db, logKeys });
  } finally {
    await db.destroy();
  }
}
