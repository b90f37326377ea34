import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import type { Db, Trx } from './database.ts';

/** Hash under which a key set is stored and logged: SHA-256 of its body as it came, hexadecimal. */
export function keySetHash(body: string): string {
  return sha256Hex(utf8(body));
}

/** Keeps a key set of an issuer. True where it was not known, which is when it is logged. */
export async function rememberKeySet(trx: Trx, system: string, body: string, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('issuer_key_sets')
    .values({ hash: keySetHash(body), system, body, first_seen: now.toISOString() })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The body of a key set by its hash. */
export async function findKeySet(db: Db, hash: string): Promise<string | undefined> {
  const row = await db.selectFrom('issuer_key_sets').select('body').where('hash', '=', hash).executeTakeFirst();
  return row?.body;
}
