import { OriginSignError } from '@originsign/core/errors/error';
import type { ServerConfig } from '../config/server-config.ts';
import { openHsm } from '../hsm/hsm.ts';
import { checkHighWaterMark } from '../log/check-mark.ts';
import { fileHighWaterMark } from '../log/high-water-mark.ts';
import type { Db } from '../store/database.ts';
import { fixMeta, readMeta } from '../store/meta.ts';
import { openDatabase } from '../store/open-database.ts';
import { transaction } from '../store/transaction.ts';
import { makeKey, TRIAL_CA_LABEL, type KeyMaking } from './generate-key.ts';
import type { KeyWish } from '../hsm/key-generation.ts';
import { CANARY_LABEL } from './reserved-labels.ts';
import { settleLog } from './settle-log.ts';
import { logName, refuseUnsafeUrl } from './store-identity.ts';
import type { StoredKey } from './stored-key.ts';

/** Signing keys that a trial store starts with, one for each family of formats. */
const TRIAL_KEYS: readonly KeyWish[] = [
  { label: TRIAL_CA_LABEL, purpose: 'ca' },
  { label: 'trial-authenticode', purpose: 'authenticode' },
  { label: 'trial-cms', purpose: 'cms' },
  { label: 'trial-raw', purpose: 'raw' },
];

/** A store that was just made. */
export interface InitialisedStore {
  readonly logOrigin: string;
  readonly keys: readonly StoredKey[];
}

/**
 * Makes the store of a configuration: fixes the name of its log and whether it is a trial, generates the server's own keys (and
 * in a trial the signing keys) in the HSM, and writes the first high-water mark. Throws `store.exists`, `hsm.*`, `log.*`.
 */
export async function initStore(config: ServerConfig, trial: boolean, now: () => Date): Promise<InitialisedStore> {
  refuseUnsafeUrl(config.url, trial);
  const db = await openDatabase(`sqlite:${config.store.path}`, { create: true });
  try {
    const logOrigin = await fixIdentity(db, config, trial, now());
    const mark = fileHighWaterMark(config.log.highWaterMark);
    await checkHighWaterMark({ db, mark, origin: logOrigin, init: true });
    const keys = await generateKeys(config, { db, trial, now });
    await settleLog(db, logOrigin, config.log.highWaterMark);
    return { logOrigin, keys };
  } finally {
    await db.destroy();
  }
}

async function fixIdentity(db: Db, config: ServerConfig, trial: boolean, now: Date): Promise<string> {
  if ((await readMeta(db, 'log_origin')) !== undefined) {
    throw new OriginSignError('store.exists', 'The store is initialised already.');
  }
  const logOrigin = `${new URL(config.url).host}/${logName(trial)}`;
  await transaction(db, async (trx) => {
    await fixMeta(trx, 'log_origin', logOrigin);
    await fixMeta(trx, 'trial', String(trial));
    await fixMeta(trx, 'created_at', now.toISOString());
  });
  return logOrigin;
}

async function generateKeys(config: ServerConfig, making: Omit<KeyMaking, 'hsm'>): Promise<readonly StoredKey[]> {
  const hsm = await openHsm({ tokens: config.hsm.tokens });
  try {
    const wishes: readonly KeyWish[] = [
      { label: config.log.key, purpose: 'log' },
      { label: config.provenance.key, purpose: 'provenance' },
      { label: CANARY_LABEL, purpose: 'canary' },
      ...(making.trial ? TRIAL_KEYS : []),
    ];
    const keys: StoredKey[] = [];
    for (const wish of wishes) keys.push(await makeKey({ ...making, hsm }, wish));
    return keys;
  } finally {
    await hsm.close();
  }
}
