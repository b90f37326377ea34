import { isKeyPurpose } from '@originsign/core/formats/purpose';
import { keyTypeOf } from '@originsign/core/x509/key-type';
import { OriginSignError } from '@originsign/core/errors/error';
import { keyCertificates, listKeys } from '../store/keys.ts';
import type { Db, KeyRow } from '../store/database.ts';
import type { StoredKey } from './stored-key.ts';

/** All keys of the store by label, retired ones left out. Throws `store.corrupt` where a row contradicts its own public key. */
export async function loadKeys(db: Db): Promise<ReadonlyMap<string, StoredKey>> {
  const rows = (await listKeys(db)).filter((row) => row.retired_at === null);
  return new Map(rows.map((row) => [row.label, storedKey(row)]));
}

function storedKey(row: KeyRow): StoredKey {
  const type = keyTypeOf(row.spki);
  if (!isKeyPurpose(row.purpose) || type !== row.type) {
    throw new OriginSignError('store.corrupt', `The stored key ${row.label} contradicts its own public key.`, {
      details: { table: 'keys', row: row.label },
    });
  }
  return {
    label: row.label,
    purpose: row.purpose,
    type,
    token: row.token,
    id: row.cka_id,
    spki: row.spki,
    certificates: keyCertificates(row),
    createdAt: new Date(row.created_at),
    trial: row.trial === 1,
  };
}

/** The key with this label, which must have this purpose. Throws `key.unknown`, `key.purpose`. */
export function requireKey(keys: ReadonlyMap<string, StoredKey>, label: string, purpose: string): StoredKey {
  const key = keys.get(label);
  if (key === undefined) throw new OriginSignError('key.unknown', `The key ${label} does not exist in the store.`);
  if (key.purpose !== purpose) {
    throw new OriginSignError('key.purpose', `The key ${label} is for ${key.purpose}, not for ${purpose}.`);
  }
  return key;
}
