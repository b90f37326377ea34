import { describe, expect, test } from 'vitest';
import { encodeHex } from '@originsign/core/encoding/hex';
import { formatVerifierKey } from '@originsign/core/log/note-key';
import { parseEntryBundle } from '@originsign/core/log/entry-bundle';
import { frontierOf } from '@originsign/core/log/frontier';
import { verifyLog } from '@originsign/core/log/verify-log';
import { ENGINES } from '../store/store.test.fixture.ts';
import { appendDenials, ORIGIN, testPublisher } from './log.test.fixture.ts';
import { readLogResource, resourceKind } from './resources.ts';

describe.each(ENGINES)('the files of the log on $name', ({ open }) => {
  test('are none before the first checkpoint', async () => {
    const db = await open();
    await appendDenials(db, 3);
    expect(await readLogResource(db, 'checkpoint')).toBeUndefined();
    expect(await readLogResource(db, 'tile/0/000.p/3')).toBeUndefined();
  });

  test('lead a foreign reader through the whole log', async () => {
    const db = await open();
    const { publisher, signer } = testPublisher(db);
    await appendDenials(db, 600);
    await publisher.checkpointFor(600);
    const files = { read: async (path: string) => (await readLogResource(db, path))?.body };
    const key = { vkey: formatVerifierKey(signer.key), validFrom: '2026-01-01T00:00:00.000Z', fromSize: 0 };
    const report = await verifyLog(files, { logs: [{ origin: ORIGIN, keys: [key] }], entries: true });
    expect(report).toMatchObject({ checkpoint: { size: 600 }, types: { DENIAL: 600 } });
  });

  test('have full and partial tiles of every level', async () => {
    const db = await open();
    const { publisher } = testPublisher(db);
    const leaves = (await appendDenials(db, 515)).map(({ leaf }) => leaf);
    await publisher.checkpointFor(515);
    const hex = async (path: string): Promise<string> =>
      encodeHex((await readLogResource(db, path))?.body ?? new Uint8Array());
    expect(await hex('tile/0/001')).toBe(leaves.slice(256, 512).map(encodeHex).join(''));
    expect(await hex('tile/0/002.p/3')).toBe(leaves.slice(512).map(encodeHex).join(''));
    expect(await hex('tile/0/000.p/200')).toBe(leaves.slice(0, 200).map(encodeHex).join(''));
    const roots = [0, 256].map((begin) => frontierOf(leaves.slice(begin, begin + 256)).hashes[0] as Uint8Array);
    expect(await hex('tile/1/000.p/2')).toBe(roots.map(encodeHex).join(''));
    const bundle = await readLogResource(db, 'tile/entries/002.p/3');
    expect(parseEntryBundle(bundle?.body ?? new Uint8Array())).toHaveLength(3);
    expect(bundle).toMatchObject({ kind: 'entries', immutable: true, contentType: 'application/octet-stream' });
    expect(await readLogResource(db, 'checkpoint')).toMatchObject({ kind: 'checkpoint', immutable: false });
    for (const path of [
      'tile/0/002.p/4',
      'tile/0/002',
      'tile/0/003.p/1',
      'tile/1/000.p/3',
      'tile/2/000.p/1',
      'tile/63/000.p/1',
      'tile/0/2',
      '..',
      '',
    ]) {
      expect(await readLogResource(db, path), path).toBeUndefined();
    }
  });

  test('end where the newest signed checkpoint ends', async () => {
    const db = await open();
    const { publisher } = testPublisher(db);
    await appendDenials(db, 2);
    await publisher.checkpointFor(2);
    await appendDenials(db, 2);
    expect(await readLogResource(db, 'tile/0/000.p/2')).toBeDefined();
    expect(await readLogResource(db, 'tile/0/000.p/3')).toBeUndefined();
    expect(await readLogResource(db, 'tile/entries/000.p/4')).toBeUndefined();
  });

  test('are refused rather than served with holes', async () => {
    const db = await open();
    const { publisher } = testPublisher(db);
    await appendDenials(db, 300);
    await publisher.checkpointFor(300);
    await db.deleteFrom('log_entries').where('idx', '=', 5).execute();
    await db.deleteFrom('log_nodes').where('level', '=', 8).execute();
    for (const path of ['tile/0/000', 'tile/entries/000', 'tile/1/000.p/1']) {
      await expect(readLogResource(db, path)).rejects.toThrow(expect.objectContaining({ code: 'log.corrupt' }));
    }
  });
});

test('paths say what they show before anything is read', () => {
  const kinds = ['checkpoint', 'tile/0/000', 'tile/entries/000.p/1', 'tile/0/0', 'index.html'].map(resourceKind);
  expect(kinds).toEqual(['checkpoint', 'tile', 'entries', undefined, undefined]);
});
