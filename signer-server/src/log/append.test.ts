import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '@originsign/core/encoding/hex';
import { parseEntry } from '@originsign/core/log/entries';
import { rootOf } from '@originsign/core/log/frontier';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { verifyConsistency, verifyInclusion } from '@originsign/core/log/merkle-proof';
import { REQUEST } from '@originsign/testkit/test-log';
import { ENGINES } from '../store/store.test.fixture.ts';
import { transaction } from '../store/transaction.ts';
import { appendEntries } from './append.ts';
import { lockHead, readHead } from './head.ts';
import { appendDenials, denial, NOW } from './log.test.fixture.ts';
import { consistencyProof, inclusionProof, readEntry, storedRoot } from './read.ts';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

describe.each(ENGINES)('the log on $name', ({ open }) => {
  test('starts empty', async () => {
    const db = await open();
    expect(await readHead(db)).toMatchObject({ size: 0, frontier: { hashes: [] } });
  });

  test('has the tree of its entries after any batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 6 }), async (batches) => {
        const db = await open();
        const appended = [];
        for (const count of batches) appended.push(...(await appendDenials(db, count)));
        const head = await readHead(db);
        expect(appended.map(({ index }) => index)).toEqual(appended.map((_, index) => index));
        expect(encodeHex(head.root)).toBe(encodeHex(rootOf(appended.map(({ leaf }) => leaf))));
        expect(head.size).toBe(appended.length);
      }),
      { numRuns: 12 },
    );
  });

  test('gives time and a fresh salt to every entry', async () => {
    const db = await open();
    const [first, second] = await transaction(db, (trx) => appendEntries(trx, [denial('x'), denial('x')], NOW));
    const [one, two] = [first, second].map((appended) => parseEntry(appended?.entry ?? new Uint8Array()));
    expect(one).toMatchObject({ time: NOW.toISOString(), v: 1, type: 'DENIAL' });
    expect(one?.salt).not.toBe(two?.salt);
    expect(encodeHex(leafHash(await readEntry(db, 1)))).toBe(encodeHex(second?.leaf ?? new Uint8Array()));
  });

  test('gives parallel appends contiguous indices, each its own', async () => {
    const db = await open();
    const appended = await Promise.all(Array.from({ length: 40 }, (_, n) => appendDenials(db, 1 + (n % 3))));
    const indices = appended.flat().map(({ index }) => index);
    expect([...indices].sort((a, b) => a - b)).toEqual(indices.map((_, n) => n));
    expect((await readHead(db)).size).toBe(indices.length);
  });

  test('proves every entry at every later size', async () => {
    const db = await open();
    const entries = await appendDenials(db, 70);
    const leaves = entries.map(({ leaf }) => leaf);
    for (const size of [1, 2, 3, 7, 8, 64, 65, 70]) {
      const root = await storedRoot(db, size);
      expect(encodeHex(root)).toBe(encodeHex(rootOf(leaves.slice(0, size))));
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const leaf = leaves[index] as Uint8Array;
        verifyInclusion({ index, size, leaf, root, proof: await inclusionProof(db, index, size) });
      }
      const proof = await consistencyProof(db, size, 70);
      verifyConsistency({ oldSize: size, oldRoot: root, size: 70, root: await storedRoot(db, 70), proof });
    }
  });

  test('takes an entry only with the change that it speaks of', async () => {
    const db = await open();
    const before = await readHead(db);
    const failing = transaction(db, async (trx) => {
      await appendEntries(trx, [denial('a')], NOW);
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect(await readHead(db)).toEqual(before);
    await appendDenials(db, 1);
    expect((await readHead(db)).size).toBe(1);
  });

  test('refuses an entry above 8 KiB, and a body that its schema does not know', async () => {
    const db = await open();
    const long = 'x'.repeat(1024);
    const workflow = { uri: long, path: long, ref: long, commit: long };
    const callee = { ...workflow, repository: long };
    const large = { ...REQUEST, origin: { ...REQUEST.origin, workflow, callee } };
    await expect(transaction(db, (trx) => appendEntries(trx, [large], NOW))).rejects.toThrow(
      refusedAs('log.entry_too_large'),
    );
    const wrong = { ...denial('a'), extra: 1 } as never;
    await expect(transaction(db, (trx) => appendEntries(trx, [wrong], NOW))).rejects.toThrow(TypeError);
    expect((await readHead(db)).size).toBe(0);
  });

  test('refuses to grow from a head that does not agree with itself', async () => {
    const db = await open();
    await appendDenials(db, 3);
    const honest = await db.selectFrom('log_head').selectAll().executeTakeFirstOrThrow();
    const [first = '', second = ''] = JSON.parse(honest.frontier) as string[];
    for (const change of [
      { size: 4 },
      { size: 2 },
      { root: new Uint8Array(32) },
      { frontier: JSON.stringify([second, first]) },
      { frontier: JSON.stringify([first]) },
      { frontier: JSON.stringify([first, second, second]) },
      { frontier: JSON.stringify([first, second.slice(4)]) },
      { frontier: JSON.stringify([first, 7]) },
      { frontier: '{}' },
      { frontier: 'not JSON' },
    ]) {
      await db.updateTable('log_head').set(change).execute();
      await expect(appendDenials(db, 1), JSON.stringify(change)).rejects.toThrow(refusedAs('log.corrupt'));
      await db.updateTable('log_head').set(honest).execute();
    }
    await appendDenials(db, 1);
    await db.deleteFrom('log_head').execute();
    await expect(transaction(db, lockHead)).rejects.toThrow(refusedAs('log.corrupt'));
    await expect(readHead(db)).rejects.toThrow(refusedAs('log.corrupt'));
  });

  test('says which row a proof lacks', async () => {
    const db = await open();
    await appendDenials(db, 8);
    await db.deleteFrom('log_nodes').where('level', '=', 1).where('idx', '=', 1).execute();
    await expect(inclusionProof(db, 0, 8)).rejects.toThrow(
      expect.objectContaining({ code: 'log.corrupt', details: { table: 'log_nodes', row: [1, 1] } }),
    );
    await expect(readEntry(db, 8)).rejects.toThrow(refusedAs('log.corrupt'));
  });
});
