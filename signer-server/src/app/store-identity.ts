import { OriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { TRIAL_ORGANISATION } from '@originsign/core/x509/trial-organisation';
import { rowError } from '../log/row-comparison.ts';
import type { Db } from '../store/database.ts';
import { requireMeta } from '../store/meta.ts';
import { loadKeys } from './load-keys.ts';
import type { StoredKey } from './stored-key.ts';

/** What is fixed about a store. */
export interface StoreIdentity {
  readonly logOrigin: string;
  readonly trial: boolean;
  readonly keys: ReadonlyMap<string, StoredKey>;
}

/** Last part of the name of a log: whoever reads a checkpoint sees what kind of store signed it. */
export function logName(trial: boolean): 'trial' | 'log' {
  return trial ? 'trial' : 'log';
}

/**
 * Reads what `init` fixed and refuses a store that contradicts itself: whether it is a trial stands in its meta data, in the
 * name that its log is signed under, in its keys and in their certificates, so that no single change turns one kind into the
 * other. `url` is the configured one. Throws `trial.forbidden`, `store.corrupt`, `store.schema`.
 */
export async function readStoreIdentity(db: Db, url: string): Promise<StoreIdentity> {
  const logOrigin = await requireMeta(db, 'log_origin');
  const mark = await requireMeta(db, 'trial');
  const trial = logOrigin.endsWith(`/${logName(true)}`);
  if (mark !== String(trial)) {
    throw rowError({ table: 'meta', row: 'trial' }, 'value', `it does not fit the log ${logOrigin}`);
  }
  refuseUnsafeUrl(url, trial);
  const keys = await loadKeys(db);
  for (const key of keys.values()) refuseOtherKind(key, trial);
  return { logOrigin, trial, keys };
}

/** Tokens and signatures of a production store never travel in the clear. Throws `trial.forbidden`. */
export function refuseUnsafeUrl(url: string, trial: boolean): void {
  if (trial || new URL(url).protocol === 'https:') return;
  throw new OriginSignError('trial.forbidden', 'A production store has an https URL.', {
    hint: 'use init --trial for trying out',
  });
}

function refuseOtherKind(key: StoredKey, trial: boolean): void {
  if (trial && key.trial) return;
  if (trial) throw rowError({ table: 'keys', row: key.label }, 'trial', 'every key of a trial store is marked as one');
  if (!key.trial && key.purpose !== 'ca' && !key.certificates.some(isOfTrial)) return;
  throw new OriginSignError('trial.forbidden', `The key ${key.label} is of a trial, and the store is not.`, {
    details: { table: 'keys', row: key.label },
  });
}

/** True for certificates that a trial authority issued, or is. */
export function isOfTrial(certificate: Uint8Array): boolean {
  const { subjectText, issuerText } = parseCertificate(certificate);
  return `${subjectText},${issuerText}`.includes(TRIAL_ORGANISATION);
}
