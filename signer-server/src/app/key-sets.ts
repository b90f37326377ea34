import { utf8Text } from '@originsign/core/encoding/bytes';
import type { KeySetSnapshot } from '../identity/issuer-keys.ts';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';
import { rememberKeySet } from '../store/issuer-key-sets.ts';
import { transaction } from '../store/transaction.ts';

/** Keeps a key set that is seen for the first time, and logs it, before any token is verified with it. */
export async function logKeySet(db: Db, { system, keySet }: KeySetSnapshot, now: Date): Promise<void> {
  await transaction(db, async (trx) => {
    await lockHead(trx);
    if (!(await rememberKeySet(trx, system, utf8Text(keySet.body), now))) return;
    await appendEntries(trx, [{ type: 'ISSUER_KEYS', system, keySet: keySet.hash }], now);
  });
}
