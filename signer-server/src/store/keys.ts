import type { Insertable } from 'kysely';
import { decodeBase64, encodeBase64 } from '@originsign/core/encoding/base64';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Db, KeyRow, KeysTable, Trx } from './database.ts';

/** A key as it is stored first: purpose and type are fixed from here on. */
export type NewKey = Readonly<Omit<Insertable<KeysTable>, 'certificates' | 'retired_at'>> & {
  /** DER, leaf first. */
  readonly certificates: readonly Uint8Array[];
};

function encodeCertificates(certificates: readonly Uint8Array[]): string {
  return JSON.stringify(certificates.map(encodeBase64));
}

/** Stores a new key. Throws `key.exists` where the label or the public key is there already: one key has one purpose. */
export async function insertKey(trx: Trx, { certificates, ...key }: NewKey): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('keys')
    .values({ ...key, certificates: encodeCertificates(certificates) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return;
  throw new OriginSignError('key.exists', `There already is a key ${key.label}, or its public key has another label.`);
}

/** The key of a label. */
export function findKey(db: Db, label: string): Promise<KeyRow | undefined> {
  return db.selectFrom('keys').selectAll().where('label', '=', label).executeTakeFirst();
}

/** All keys, retired ones too, by label. */
export function listKeys(db: Db): Promise<KeyRow[]> {
  return db.selectFrom('keys').selectAll().orderBy('label').execute();
}

/** Certificates of a stored key, DER, leaf first. */
export function keyCertificates(row: KeyRow): readonly Uint8Array[] {
  return (JSON.parse(row.certificates) as string[]).map(decodeBase64);
}

/** Puts a certificate chain on a key. Throws `key.unknown`. */
export async function setCertificates(trx: Trx, label: string, certificates: readonly Uint8Array[]): Promise<void> {
  await updateKey(trx, label, { certificates: encodeCertificates(certificates) });
}

/** Marks a key as no longer in use; it stays for verification. Throws `key.unknown`. */
export async function retireKey(trx: Trx, label: string, now: Date): Promise<void> {
  await updateKey(trx, label, { retired_at: now.toISOString() });
}

async function updateKey(trx: Trx, label: string, set: Partial<KeyRow>): Promise<void> {
  const { numUpdatedRows } = await trx.updateTable('keys').set(set).where('label', '=', label).executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new OriginSignError('key.unknown', `There is no key ${label}.`);
}
