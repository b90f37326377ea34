import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { formatVerifierKey } from '@originsign/core/log/note-key';
import { tilePath, tilesOfTree, tileWidthAt } from '@originsign/core/log/tile-paths';
import { ensureTools } from '@originsign/testkit/tools';
import type { Db } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { appendDenials, testPublisher } from './log.test.fixture.ts';
import { consistencyProof, inclusionProof } from './read.ts';
import { readLogResource } from './resources.ts';

const SOURCE = fileURLToPath(new URL('../../../testkit/interop/go', import.meta.url));
/** Sizes that were published on the way to the last one. */
const SIZES = [1, 2, 255, 256, 257, 600];
const INDICES = [0, 1, 255, 256, 511, 512, 599];

/** Builds the foreign program; its one dependency comes through the module proxy that Go is set up with. */
function build(folder: string): string {
  ensureTools(['go']);
  const program = join(folder, 'interop');
  execFileSync('go', ['build', '-mod=readonly', '-o', program, '.'], {
    cwd: SOURCE,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return program;
}

async function exportLog(db: Db, folder: string, size: number): Promise<void> {
  const bundles = Array.from({ length: Math.ceil(size / 256) }, (_, index) => {
    return tilePath({ level: 'entries', index, width: tileWidthAt('entries', index, size) });
  });
  for (const path of ['checkpoint', ...[...tilesOfTree(size)].map(tilePath), ...bundles]) {
    const resource = await readLogResource(db, path);
    if (resource === undefined) throw new Error(`The log does not serve ${path}.`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), resource.body);
  }
}

/** A log with everything that it can prove, as files. */
async function writeLog(folder: string): Promise<void> {
  const db = await openDatabase('sqlite::memory:');
  const { publisher, signer } = testPublisher(db);
  const notes = new Map<number, string>();
  for (const [at, size] of SIZES.entries()) {
    await appendDenials(db, size - (SIZES[at - 1] ?? 0));
    notes.set(size, (await publisher.checkpointFor(size)).note);
  }
  await exportLog(db, folder, 600);
  const texts = (hashes: readonly Uint8Array[]): string[] => hashes.map(encodeBase64);
  const inclusion = [];
  for (const index of INDICES) inclusion.push({ index, proof: texts(await inclusionProof(db, index, 600)) });
  const consistency = [];
  for (const [oldSize, oldCheckpoint] of notes) {
    consistency.push({ oldSize, oldCheckpoint, proof: texts(await consistencyProof(db, oldSize, 600)) });
  }
  const proofs = { verifierKey: formatVerifierKey(signer.key), inclusion, consistency };
  writeFileSync(join(folder, 'proofs.json'), JSON.stringify(proofs));
  await db.destroy();
}

describe('a reader written by others', () => {
  let program: string;
  let folder: string;
  const run = (): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(program, [folder], { encoding: 'utf8' });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'originsign-interop-'));
    await writeLog(folder);
    program = build(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('opens our checkpoints, reads all entries through our tiles, and takes our proofs', () => {
    expect(run()).toMatchObject({
      status: 0,
      stdout: 'size 600, 7 inclusion proofs, 6 consistency proofs\n',
      stderr: '',
    });
  });

  test.each([
    ['checkpoint', /invalid signature/, 5],
    ['tile/entries/001', /not the one of its tile/, 20],
    ['tile/0/002.p/88', /inconsistent tile/, 20],
    ['tile/1/000.p/2', /inconsistent tile/, 40],
  ])('refuses a changed %s', (path, reason, at) => {
    const file = join(folder, path);
    const honest = readFileSync(file);
    const changed = Buffer.from(honest);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringMatching(reason) as unknown });
    writeFileSync(file, honest);
  });
});
