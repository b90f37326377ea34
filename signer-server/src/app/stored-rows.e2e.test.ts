import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOriginSignError } from '@originsign/core/errors/error';
import { signInJob } from '@originsign/testkit/signing-job';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { loadServerConfig } from '../config/load-server-config.ts';
import { withStore } from './open-store.ts';
import { verifyStore } from './verify-store.ts';

/** Columns that the log says nothing of, and why a change of them is no lie about a signature. */
const NOT_COMMITTED: Readonly<Record<string, readonly string[]>> = {
  // Times of the server's own work, copies of what stands in the payload, whom a limit counts for, and what a failure said.
  requests: [
    ...['created_at', 'deadline', 'envelope', 'failure_code', 'failure_detail', 'key_thumbprint', 'limit_run_key'],
    ...['signing_time', 'updated_at'],
  ],
  // Also lies in the block, which is committed.
  artifacts: ['timestamp_token'],
  // Where the key lies: with another one, no signature would verify.
  keys: ['cka_id', 'created_at', 'token'],
  issuer_key_sets: ['first_seen'],
  log_head: ['lock_count'],
  log_entries: [],
  log_nodes: [],
  log_checkpoints: [],
};

/** What people are told, for the columns that matter most. */
const NAMED = [
  ['artifacts', 'covered_value'],
  ['artifacts', 'signature'],
  ['requests', 'claims'],
  ['requests', 'payload'],
  ['keys', 'spki'],
] as const;

let world: SigningWorld;
let path: string;
let honest: Buffer;

beforeAll(async () => {
  world = await startSigningWorld();
  await signInJob(world, { files: { 'a.txt': 'a', 'b.txt': 'b' }, format: 'cms-detached' });
  await world.signer.halt();
  path = join(world.signer.directory, 'store.sqlite');
  honest = await readFile(path);
});
afterAll(() => world.stop());

async function restore(): Promise<void> {
  await Promise.all(['-wal', '-shm'].map((suffix) => rm(path + suffix, { force: true })));
  await writeFile(path, honest);
}

type Row = Readonly<Record<string, unknown>>;

/** Runs work on the database as somebody with a shell on the host could. */
function attack<T>(work: (database: InstanceType<typeof Database>) => T): T {
  const database = new Database(path);
  try {
    database.pragma('foreign_keys = OFF');
    return work(database);
  } finally {
    database.close();
  }
}

/** A value of the same kind that is another one. */
function changed(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.concat([value.subarray(0, -1), Buffer.of((value.at(-1) ?? 0) ^ 1)]);
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return 'something';
  return value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
}

/** Sets a column of one row; `false` where the database itself refuses the value. */
function set(table: string, row: Row, column: string, value: unknown): boolean {
  return attack((database) => {
    const keys = (database.pragma(`table_info(${table})`) as Row[])
      .filter(({ pk }) => pk !== 0)
      .map(({ name }) => String(name));
    const where = keys.map((key) => `${key} = ?`).join(' and ');
    try {
      const values = [value, ...keys.map((key) => row[key])];
      return database.prepare(`update ${table} set "${column}" = ? where ${where}`).run(...values).changes === 1;
    } catch {
      return false;
    }
  });
}

/** Code and text of what `store verify` says. */
async function verdict(): Promise<string> {
  try {
    await withStore(loadServerConfig(world.signer.configPath), verifyStore);
    return 'accepted';
  } catch (error) {
    if (isOriginSignError(error)) return `${error.message} [${error.code}] ${JSON.stringify(error.details)}`;
    throw error;
  }
}

describe('store verify', () => {
  it('accepts the store as it is', async () => {
    expect(await verdict()).toBe('accepted');
  });

  it.each(Object.keys(NOT_COMMITTED))('finds a change of any column of %s that the log commits to', async (table) => {
    const rows = attack((database) => database.prepare(`select * from ${table}`).all() as Row[]);
    expect(rows.length).toBeGreaterThan(0);
    const missed = new Set<string>();
    const places: string[] = [];
    for (const row of new Set([rows[0] ?? {}, rows.at(-1) ?? {}])) {
      for (const [column, value] of Object.entries(row)) {
        if (!set(table, row, column, changed(value))) continue;
        const said = await verdict();
        if (said === 'accepted') missed.add(column);
        else places.push(said);
        await restore();
      }
    }
    expect([...missed].sort()).toEqual(NOT_COMMITTED[table]);
    for (const said of places) expect(said).toMatch(/"table":"\w+","row":|note\.|The key log does not exist/);
    expect(await verdict()).toBe('accepted');
  });

  it('names table, row and column', async () => {
    for (const [table, column] of NAMED) {
      // The last key is one that signs artifacts: with another log key no checkpoint would verify at all.
      const row = attack((database) => database.prepare(`select * from ${table}`).all() as Row[]).at(-1) ?? {};
      set(table, row, column, changed(row[column]));
      const { status, stderr } = await world.signer.command('store', 'verify');
      expect({ table, column, status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(
          new RegExp(`^error: Table ${table}, row .*, column ${column}: .* \\[store.corrupt\\]`),
        ) as unknown,
      });
      await restore();
    }
  });

  it('takes no root for trusted that was put on a key past the log', async () => {
    const [row = {}] = attack(
      (database) => database.prepare(`select * from keys where label = 'trial-cms'`).all() as Row[],
    );
    const [leaf = '', root = ''] = JSON.parse(String(row['certificates'])) as string[];
    const evil = Buffer.from(makeTestAuthority(makeTestKey('p-256')).certificate).toString('base64');
    for (const chain of [[leaf, evil], [leaf, root, evil], [leaf, root, 'AAAA'], [root, evil], [evil]]) {
      set('keys', row, 'certificates', JSON.stringify(chain));
      expect(await verdict()).toMatch(/"table":"keys","row":"trial-cms","column":"certificates"/);
      await restore();
    }
  });
});
