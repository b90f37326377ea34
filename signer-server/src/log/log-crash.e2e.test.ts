import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Db } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { testFolder } from '../store/store.test.fixture.ts';
import { checkHighWaterMark } from './check-mark.ts';
import { readHead } from './head.ts';
import { fileHighWaterMark } from './high-water-mark.ts';
import { appendDenials, ORIGIN, testPublisher } from './log.test.fixture.ts';
import { verifyStoreLog } from './verify-store-log.ts';

const PROGRAM = fileURLToPath(new URL('./log-process.test.fixture.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Place {
  readonly database: string;
  readonly mark: string;
}

/** An initialised store whose mark is outside of it. */
async function newStore(): Promise<Place> {
  const folder = await testFolder();
  const place = { database: join(folder, 'store.db'), mark: join(folder, 'mark') };
  const db = await openDatabase(`sqlite:${place.database}`, { create: true });
  await checkHighWaterMark({ db, mark: fileHighWaterMark(place.mark), origin: ORIGIN, init: true });
  await db.destroy();
  return place;
}

function start(what: string, { database, mark }: Place, name = what): ChildProcess {
  const args = ['--import', TSX, '--conditions=source', PROGRAM, what, database, mark, name];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function ended(child: ChildProcess): Promise<{ signal: unknown; status: unknown; lines: string[] }> {
  const lines: string[] = [];
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const [status, signal] = (await once(child, 'close')) as unknown[];
  return { status, signal, lines };
}

/** Starts on the store as the server does, and looks at all of it. */
async function restart<T>({ database, mark: path }: Place, look: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${database}`);
  try {
    const mark = fileHighWaterMark(path);
    await checkHighWaterMark({ db, mark, origin: ORIGIN });
    const { signer } = testPublisher(db);
    await verifyStoreLog(db, { origin: ORIGIN, keys: [signer.key] });
    expect((await mark.read())?.size).toBe((await readHead(db)).size);
    return await look(db);
  } finally {
    await db.destroy();
  }
}

describe('a process that dies', () => {
  test.each([
    ['crash-before-commit', 0],
    ['crash-before-mark', 1],
    ['crash-in-mark', 1],
    ['crash-before-checkpoint', 1],
  ])('at %s leaves a log of %i that starts, verifies and grows', async (what, size) => {
    const place = await newStore();
    expect(await ended(start(what, place))).toMatchObject({ signal: 'SIGKILL' });
    await restart(place, async (db) => {
      expect((await readHead(db)).size).toBe(size);
      await appendDenials(db, 2);
      const { publisher } = testPublisher(db, { mark: fileHighWaterMark(place.mark) });
      expect((await publisher.checkpointFor(size + 2)).size).toBe(size + 2);
    });
  });

  test('anywhere loses nothing that it said was durable', async () => {
    const place = await newStore();
    for (let round = 0; round < 3; round += 1) {
      const child = start('append-until-killed', place, `round ${round}`);
      const end = once(child, 'close');
      let durable = 0;
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        durable = Number(line);
        lines += 1;
        // It goes on working while the signal is on its way: wherever it is then, it stops.
        if (lines === 3 + round * 17) child.kill('SIGKILL');
      }
      await end;
      expect(durable).toBeGreaterThan(0);
      const size = await restart(place, async (db) => (await readHead(db)).size);
      expect(size).toBeGreaterThanOrEqual(durable);
    }
  });
});

describe('several processes on one store', () => {
  test('get contiguous indices, and each token is used by exactly one of them', async () => {
    const place = await newStore();
    const outcomes = await Promise.all(['a', 'b', 'c'].map((name) => ended(start('race', place, name))));
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0]);
    const winners = outcomes.flatMap(({ lines }) => lines);
    expect([...winners].sort()).toEqual(Array.from({ length: 40 }, (_, n) => `token ${n}`).sort());
    await restart(place, async (db) => {
      expect((await readHead(db)).size).toBe(120);
      expect(await db.selectFrom('used_tokens').selectAll().execute()).toHaveLength(40);
    });
  });
});
