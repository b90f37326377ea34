import { OriginSignError } from '@originsign/core/errors/error';
import type { Db, Trx } from './database.ts';

/** Facts about a store, each fixed by `init` unless said otherwise. */
export type MetaKey =
  | 'schema_version'
  /** Name of the log, which stays whatever the URL becomes. */
  | 'log_origin'
  /** `true` or `false`. */
  | 'trial'
  | 'created_at'
  /** Serial of the trust file; grows with every change of it. */
  | 'trust_serial'
  | 'trust_hash';

/** A fact about the store. */
export async function readMeta(db: Db, key: MetaKey): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

/** A fact that every initialised store has. Throws `store.schema`. */
export async function requireMeta(db: Db, key: MetaKey): Promise<string> {
  const value = await readMeta(db, key);
  if (value !== undefined) return value;
  throw new OriginSignError('store.schema', `The store does not say its ${key}.`, {
    hint: 'run originsign-server init first',
  });
}

/** States a fact for the first and only time. Throws `store.exists` where it was stated before. */
export async function fixMeta(trx: Trx, key: MetaKey, value: string): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return;
  throw new OriginSignError('store.exists', `The store already has a ${key}.`);
}

/** States a fact that may change. */
export async function writeMeta(
  trx: Trx,
  key: Extract<MetaKey, 'trust_serial' | 'trust_hash'>,
  value: string,
): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
