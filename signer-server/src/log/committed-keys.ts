import { decodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import type { Db, KeyRow } from '../store/database.ts';
import type { CommittedKey, LogHistory } from './committed-history.ts';
import { compareRow, rowError } from './row-comparison.ts';

/** Compares every key and every key set of an issuer with the log. Throws `store.corrupt`. */
export async function checkKeyRows(db: Db, { keys, keySets }: LogHistory): Promise<number> {
  const rows = await db.selectFrom('keys').selectAll().orderBy('label').execute();
  for (const row of rows) checkKey(row, keys.get(row.label));
  const labels = new Set(rows.map(({ label }) => label));
  for (const [label, { index }] of keys) {
    if (labels.has(label)) continue;
    throw rowError(
      { table: 'keys', row: label },
      undefined,
      `the row is missing, but log entry ${index} is about the key`,
    );
  }
  return rows.length + (await checkKeySets(db, keySets));
}

function checkKey(row: KeyRow, committed: CommittedKey | undefined): void {
  const place = { table: 'keys', row: row.label } as const;
  if (committed === undefined) throw rowError(place, undefined, 'the log says nothing of the key');
  const { made, certificateSha256, retired, index } = committed;
  compareRow(place, `KEY up to log entry ${index}`, [
    ['purpose', () => row.purpose, made.purpose],
    ['type', () => row.type, made.keyType],
    ['spki', () => sha256Hex(row.spki), made.spkiSha256],
    ['certificates', () => leafHashOf(row.certificates), certificateSha256 ?? made.certificateSha256 ?? 'none'],
    ['retired_at', () => row.retired_at !== null, retired],
  ]);
}

function leafHashOf(certificates: string): string {
  const [leaf] = JSON.parse(certificates) as string[];
  return leaf === undefined ? 'none' : sha256Hex(decodeBase64(leaf));
}

async function checkKeySets(db: Db, committed: LogHistory['keySets']): Promise<number> {
  const rows = await db.selectFrom('issuer_key_sets').selectAll().orderBy('hash').execute();
  for (const { hash, system, body } of rows) {
    const place = { table: 'issuer_key_sets', row: hash } as const;
    const logged = committed.get(hash);
    if (logged === undefined) throw rowError(place, undefined, 'the log says nothing of the key set');
    compareRow(place, `ISSUER_KEYS in log entry ${logged.index}`, [
      ['body', () => sha256Hex(utf8(body)), hash],
      ['system', () => system, logged.system],
    ]);
  }
  const hashes = new Set(rows.map(({ hash }) => hash));
  for (const [hash, { index }] of committed) {
    if (hashes.has(hash)) continue;
    throw rowError(
      { table: 'issuer_key_sets', row: hash },
      undefined,
      `the row is missing, but log entry ${index} names it`,
    );
  }
  return rows.length;
}
