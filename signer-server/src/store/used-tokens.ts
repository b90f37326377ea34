import type { Db, Trx } from './database.ts';

/** A token that a request presents. */
export interface TokenUse {
  /** Issuer and `jti`, or the hash of the signing input: the same for every spelling of the token. */
  readonly tokenKey: string;
  readonly requestId: string;
  /** After this time the token is refused for its age anyway. */
  readonly expiresAt: Date;
}

/** Uses up a token. False where it was used before, by whichever request: of two racing callers exactly one gets true. */
export async function consumeToken(trx: Trx, { tokenKey, requestId, expiresAt }: TokenUse): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('used_tokens')
    .values({ token_key: tokenKey, request_id: requestId, expires_at: expiresAt.toISOString() })
    .onConflict((conflict) => conflict.column('token_key').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The request that used the token up. */
export async function tokenUser(db: Db, tokenKey: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('used_tokens')
    .select('request_id')
    .where('token_key', '=', tokenKey)
    .executeTakeFirst();
  return row?.request_id;
}

/** Forgets tokens that expired before `before` and gives back how many. Leave the allowed clock skew between it and now. */
export async function purgeTokens(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('used_tokens')
    .where('expires_at', '<', before.toISOString())
    .executeTakeFirst();
  return Number(numDeletedRows);
}
