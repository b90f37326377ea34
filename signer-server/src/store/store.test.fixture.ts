import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256 } from '@originsign/core/encoding/sha256';
import { onTestFinished } from 'vitest';
import type { NewArtifact } from './artifacts.ts';
import type { Db } from './database.ts';
import { openDatabase } from './open-database.ts';
import type { NewRequest } from './requests.ts';

/** A database engine under test: a way to an empty store that goes away with the test. */
export interface StoreEngine {
  readonly name: string;
  readonly open: () => Promise<Db>;
}

/** Every engine that the suites run on. A further engine is a further row. */
export const ENGINES: readonly StoreEngine[] = [
  {
    name: 'SQLite',
    open: async () => {
      const db = await openDatabase('sqlite::memory:');
      onTestFinished(() => db.destroy());
      return db;
    },
  },
];

/** A folder of this test alone. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-store-'));
  onTestFinished(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

export const NOW = new Date('2026-11-22T09:14:03.000Z');

/** So many seconds after the time of the tests. */
export function later(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

/** Id of a request for which the name stands. */
export function idOf(name: string): string {
  return encodeBase64url(sha256(utf8(name)));
}

let requests = 0;

/** A request as transaction A stores it. */
export function newRequest(name: string, changes: Partial<NewRequest> = {}): NewRequest {
  requests += 1;
  return {
    id: idOf(name),
    state: 'signing',
    project: 'acme-app',
    policy: 'release',
    system: 'github',
    created_at: NOW.toISOString(),
    deadline: later(600).toISOString(),
    payload: utf8(name),
    envelope: '{}',
    key_thumbprint: 'thumbprint',
    claims: '{}',
    origin: '{}',
    binding: 'audience',
    decision: '{}',
    policy_hash: '00',
    rule: 'tag-build',
    limit_run_key: 'run 1',
    commitment_salt: new Uint8Array(16),
    request_records: '[]',
    request_index: requests,
    ...changes,
  };
}

/** An artifact as transaction A stores it. */
export function newArtifact(requestId: string, position: number): NewArtifact {
  return {
    request_id: requestId,
    position,
    name: `app-${position}.exe`,
    format: 'authenticode-pe',
    covered_algorithm: 'authenticodeSha256',
    covered_value: '00'.repeat(32),
    inputs: '{}',
    options: '{}',
    claimed_sha256: '11'.repeat(32),
    claimed_size: 4096,
    key_label: 'acme-2026',
  };
}
