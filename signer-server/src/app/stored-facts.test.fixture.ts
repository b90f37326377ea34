import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';

/** What a store holds that a signature leaves behind. */
export interface SigningTraces {
  readonly requests: number;
  readonly signatures: number;
  readonly usedTokens: number;
  readonly REQUEST: number;
  readonly INTENT: number;
  readonly RESULT: number;
}

/** A key as the store has it. */
export interface KeyRow {
  readonly label: string;
  readonly purpose: string;
  readonly type: string;
  readonly spki: Uint8Array;
  readonly certificates: string;
}

/** Reads the database of a signer while it runs, past everything that the signer itself would say. */
export function query<Row>(directory: string, sql: string, ...values: readonly unknown[]): readonly Row[] {
  const database = new Database(join(directory, 'store.sqlite'), { readonly: true });
  try {
    return database.prepare(sql).all(...values) as Row[];
  } finally {
    database.close();
  }
}

/** Everything that would have grown if something had been signed. */
export function signingTraces(directory: string): SigningTraces {
  const count = (sql: string): number =>
    query<{ n: number }>(directory, `select count(*) as n from ${sql}`)[0]?.n ?? -1;
  const types = logEntries(directory).map((entry) => entry['type']);
  const entries = (type: string): number => types.filter((one) => one === type).length;
  return {
    requests: count('requests'),
    signatures: count('artifacts where signature is not null'),
    usedTokens: count('used_tokens'),
    REQUEST: entries('REQUEST'),
    INTENT: entries('INTENT'),
    RESULT: entries('RESULT'),
  };
}

/** What so many finished requests of one artifact each leave behind on top. */
export function tracesPlus(before: SigningTraces, finished: number): SigningTraces {
  return Object.fromEntries(
    Object.entries(before).map(([name, count]) => [name, count + finished]),
  ) as unknown as SigningTraces;
}

/** The entries of the log in order. */
export function logEntries(directory: string): readonly JsonObject[] {
  const rows = query<{ entry: Uint8Array }>(directory, 'select entry from log_entries order by idx');
  return rows.map(({ entry }) => parseStrictJson(entry) as JsonObject);
}

/** Every key of the store. */
export function storedKeys(directory: string): readonly KeyRow[] {
  return query<KeyRow>(directory, 'select label, purpose, type, spki, certificates from keys order by label');
}
