import { noteKey, type NoteKey } from '@originsign/core/log/note-key';
import type { ServerConfig } from '../config/server-config.ts';
import type { Db } from '../store/database.ts';
import { requireMeta } from '../store/meta.ts';
import { openDatabase } from '../store/open-database.ts';
import { loadKeys, requireKey } from './load-keys.ts';
import type { StoredKey } from './stored-key.ts';

/** An initialised store with what is fixed about it. */
export interface OpenedStore {
  readonly db: Db;
  readonly logOrigin: string;
  readonly trial: boolean;
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** Keys that may have signed checkpoints. */
  readonly logKeys: readonly NoteKey[];
}

/** Opens the store of a configuration for the time of one piece of work. Throws `store.*`, `key.*`. */
export async function withStore<T>(config: ServerConfig, work: (store: OpenedStore) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${config.store.path}`);
  try {
    const logOrigin = await requireMeta(db, 'log_origin');
    const trial = (await requireMeta(db, 'trial')) === 'true';
    const keys = await loadKeys(db);
    requireKey(keys, config.log.key, 'log');
    const logKeys = [...keys.values()]
      .filter(({ purpose }) => purpose === 'log')
      .map(({ spki }) => noteKey(logOrigin, spki));
    return await work({ db, logOrigin, trial, keys, logKeys });
  } finally {
    await db.destroy();
  }
}
