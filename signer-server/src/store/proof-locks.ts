import type { Db, Trx } from './database.ts';

/** A key that presents a token which the platform did not bind to it. */
export interface ProofLock {
  readonly tokenKey: string;
  readonly keyThumbprint: string;
  readonly expiresAt: Date;
}

/** Ties a token to the first key that presents it. True where that is this key, now or earlier. */
export async function lockToken(trx: Trx, { tokenKey, keyThumbprint, expiresAt }: ProofLock): Promise<boolean> {
  await trx
    .insertInto('proof_locks')
    .values({ token_key: tokenKey, key_thumbprint: keyThumbprint, expires_at: expiresAt.toISOString() })
    .onConflict((conflict) => conflict.column('token_key').doNothing())
    .execute();
  const owner = await trx
    .selectFrom('proof_locks')
    .select('key_thumbprint')
    .where('token_key', '=', tokenKey)
    .executeTakeFirstOrThrow();
  return owner.key_thumbprint === keyThumbprint;
}

/** Forgets locks of tokens that expired before `before` and gives back how many. */
export async function purgeProofLocks(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('proof_locks')
    .where('expires_at', '<', before.toISOString())
    .executeTakeFirst();
  return Number(numDeletedRows);
}
