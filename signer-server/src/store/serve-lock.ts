import { OriginSignError } from '@originsign/core/errors/error';
import { openSqlite } from './open-sqlite.ts';

/** The right to serve a store, held until it is released or its process ends, however it ends. */
export interface ServeLock {
  release(): void;
}

/**
 * Takes the right to serve the SQLite store at a path. The lock is an open transaction on a file beside the store: the
 * operating system gives it back when the process dies, which a file with a process id in it cannot promise.
 * Throws `store.unavailable` where another process serves the store.
 */
export async function takeServeLock(storePath: string): Promise<ServeLock> {
  const sqlite = await openSqlite(`${storePath}.serving`, { create: true, busyTimeout: 0 });
  try {
    sqlite.exec('BEGIN IMMEDIATE');
  } catch (cause) {
    sqlite.close();
    throw new OriginSignError('store.unavailable', 'Another process serves this store.', {
      hint: 'stop the other originsign-server first',
      cause,
    });
  }
  return { release: () => sqlite.close() };
}
