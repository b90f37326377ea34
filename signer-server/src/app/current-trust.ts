import { sha256Hex } from '@originsign/core/encoding/sha256';
import { utf8 } from '@originsign/core/encoding/bytes';
import { formatTrustFile, type TrustFile } from '@originsign/core/protocol/trust-file';
import type { Db } from '../store/database.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import { transaction } from '../store/transaction.ts';
import { loadKeys } from './load-keys.ts';
import { buildTrustFile } from './trust.ts';

/** What the trust file of a store depends on besides its keys. */
export interface TrustContext {
  readonly db: Db;
  readonly serverUrl: string;
  readonly trial: boolean;
  readonly logOrigin: string;
  /** Roots of timestamp authorities, DER. */
  readonly timestampRoots: readonly Uint8Array[];
}

/** The trust file of the store as it is. Its serial grows by one whenever anything else in it has changed. */
export async function currentTrustFile(context: TrustContext): Promise<TrustFile> {
  const { db, serverUrl, trial, logOrigin, timestampRoots } = context;
  const keys = [...(await loadKeys(db)).values()];
  const build = (serial: number): TrustFile =>
    buildTrustFile({ serverUrl, trial, serial, logOrigin, keys, timestampRoots });
  const hash = sha256Hex(utf8(formatTrustFile(build(1))));
  const known = Number((await readMeta(db, 'trust_serial')) ?? '0');
  if ((await readMeta(db, 'trust_hash')) === hash) return build(known);
  const serial = await transaction(db, async (trx) => {
    const next = Number((await readMeta(trx, 'trust_serial')) ?? '0') + 1;
    await writeMeta(trx, 'trust_serial', String(next));
    await writeMeta(trx, 'trust_hash', hash);
    return next;
  });
  return build(serial);
}
