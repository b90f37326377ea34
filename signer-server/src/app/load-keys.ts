import { isKeyPurpose } from '@originsign/core/formats/purpose';
import { keyTypeOf, type KeyType } from '@originsign/core/x509/key-type';
import { OriginSignError } from '@originsign/core/errors/error';
import { listKeys } from '../store/keys.ts';
import type { Db, KeyRow } from '../store/database.ts';
import { storedCertificates } from './stored-certificates.ts';
import type { StoredKey } from './stored-key.ts';

/** All keys of the store by label, retired ones left out. Throws `store.corrupt` where a row contradicts its own public key. */
export async function loadKeys(db: Db): Promise<ReadonlyMap<string, StoredKey>> {
  const rows = (await listKeys(db)).filter((row) => row.retired_at === null);
  return new Map(rows.map((row) => [row.label, storedKey(row)]));
}

function storedKey(row: KeyRow): StoredKey {
  const type = storedType(row);
  if (!isKeyPurpose(row.purpose)) throw contradiction(row, 'purpose');
  return {
    label: row.label,
    purpose: row.purpose,
    type,
    token: row.token,
    id: row.cka_id,
    spki: row.spki,
    certificates: storedCertificates(row),
    createdAt: new Date(row.created_at),
    trial: row.trial === 1,
  };
}

function storedType(row: KeyRow): KeyType {
  let type: KeyType;
  try {
    type = keyTypeOf(row.spki);
  } catch {
    throw contradiction(row, 'spki');
  }
  if (type !== row.type) throw contradiction(row, 'type');
  return type;
}

function contradiction({ label }: KeyRow, column: 'purpose' | 'spki' | 'type'): OriginSignError {
  const message = `Table keys, row ${label}, column ${column}: the stored key contradicts itself.`;
  return new OriginSignError('store.corrupt', message, { details: { table: 'keys', row: label, column } });
}

/** The key with this label. Throws `key.unknown`. */
export function findKey(keys: ReadonlyMap<string, StoredKey>, label: string): StoredKey {
  const key = keys.get(label);
  if (key === undefined) throw new OriginSignError('key.unknown', `The key ${label} does not exist in the store.`);
  return key;
}

/** The key with this label, which must have this purpose. Throws `key.unknown`, `key.purpose`. */
export function requireKey(keys: ReadonlyMap<string, StoredKey>, label: string, purpose: string): StoredKey {
  const key = findKey(keys, label);
  if (key.purpose !== purpose) {
    throw new OriginSignError('key.purpose', `The key ${label} is for ${key.purpose}, not for ${purpose}.`);
  }
  return key;
}
