import type { Db, Trx } from './database.ts';

/** A token that a request presents. */
export interface TokenUse {
  /** Issuer and `jti`, or the hash of the signing input: the same for every spelling of the token. */
  readonly tokenKey: string;
  /** How many requests may use it; one where left out. */
  readonly uses?: number;
  readonly requestId: string;
  /** After this time the token is refused for its age anyway. */
  readonly expiresAt: Date;
}

/**
 * Uses up a token, or one of its uses. False where none is left, whichever requests had them: of two racing callers for the last
 * one exactly one gets true.
 */
export async function consumeToken(trx: Trx, { tokenKey, uses = 1, ...use }: TokenUse): Promise<boolean> {
  for (let nth = 1; nth <= uses; nth++) {
    if (await insertUse(trx, nth === 1 ? tokenKey : `${tokenKey}#${nth}`, use)) return true;
  }
  return false;
}

async function insertUse(
  trx: Trx,
  key: string,
  { requestId, expiresAt }: Pick<TokenUse, 'requestId' | 'expiresAt'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('used_tokens')
    .values({ token_key: key, request_id: requestId, expires_at: expiresAt.toISOString() })
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
