import { OriginSignError } from '@originsign/core/errors/error';
import type { Db, Trx } from './database.ts';
import { seal, unseal, type SealedPlace } from './sealing.ts';

/** The original of something that the log names by its hash, such as a token. */
export interface Evidence extends SealedPlace {
  readonly plaintext: Uint8Array;
  /** Nobody may read it before: until then a token could still be used. */
  readonly discloseAfter: Date;
}

/** Stores evidence encrypted under the store's key of 32 bytes. */
export async function storeEvidence(trx: Trx, key: Uint8Array, evidence: Evidence): Promise<void> {
  await trx
    .insertInto('evidence')
    .values({
      request_id: evidence.requestId,
      kind: evidence.kind,
      sealed: seal(key, evidence, evidence.plaintext),
      disclose_after: evidence.discloseAfter.toISOString(),
    })
    .execute();
}

/**
 * Reads evidence; `undefined` where there is none. Throws `request.state` before its time, and `store.corrupt` where it does
 * not open.
 */
export async function readEvidence(
  db: Db,
  key: Uint8Array,
  place: SealedPlace,
  now: Date,
): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('evidence')
    .select(['sealed', 'disclose_after'])
    .where('request_id', '=', place.requestId)
    .where('kind', '=', place.kind)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.disclose_after > now.toISOString()) {
    throw new OriginSignError('request.state', `The evidence may be read from ${row.disclose_after} on.`);
  }
  return unseal(key, place, row.sealed);
}
