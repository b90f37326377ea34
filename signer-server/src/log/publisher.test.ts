import { describe, expect, test } from 'vitest';
import { OriginSignError } from '@originsign/core/errors/error';
import { encodeHex } from '@originsign/core/encoding/hex';
import { openCheckpoint } from '@originsign/core/log/checkpoint';
import { signNote } from '@originsign/core/log/signed-note';
import { testNoteSigner } from '@originsign/testkit/test-log';
import { ENGINES } from '../store/store.test.fixture.ts';
import { latestCheckpoint } from './checkpoints.ts';
import { readHead } from './head.ts';
import { appendDenials, memoryMark, ORIGIN, testPublisher } from './log.test.fixture.ts';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

describe.each(ENGINES)('the publisher on $name', ({ open }) => {
  test('signs exactly what is committed, after the mark covers it', async () => {
    const db = await open();
    const mark = memoryMark();
    const signer = testNoteSigner(ORIGIN);
    const marksAtSigning: number[] = [];
    const note = (text: string): Promise<string> => {
      marksAtSigning.push(mark.writes.at(-1)?.size ?? -1);
      return signNote(text, [signer]);
    };
    const { publisher } = testPublisher(db, { mark, signer, signNote: note });
    await appendDenials(db, 5);
    const published = await publisher.checkpointFor(5);
    const opened = openCheckpoint(published.note, [signer.key]);
    const head = await readHead(db);
    expect([opened.size, encodeHex(opened.root)]).toEqual([5, encodeHex(head.root)]);
    expect(marksAtSigning).toEqual([5]);
    expect(await latestCheckpoint(db)).toMatchObject({ size: 5, note: published.note });
  });

  test('serves everyone who waits with few signatures, one at a time', async () => {
    const db = await open();
    const signer = testNoteSigner(ORIGIN);
    const signing = { now: 0, most: 0, all: 0 };
    const note = async (text: string): Promise<string> => {
      signing.now += 1;
      signing.all += 1;
      signing.most = Math.max(signing.most, signing.now);
      await new Promise((wake) => setImmediate(wake));
      signing.now -= 1;
      return signNote(text, [signer]);
    };
    const { publisher } = testPublisher(db, { signer, signNote: note });
    const sizes = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const size = ((await appendDenials(db, 1))[0]?.index ?? 0) + 1;
        return [size, (await publisher.checkpointFor(size)).size];
      }),
    );
    for (const [wanted = 0, got = 0] of sizes) expect(got).toBeGreaterThanOrEqual(wanted);
    expect(signing.most).toBe(1);
    expect(signing.all).toBeLessThan(30);
  });

  test('takes entries while the log key is down, and signs for them when it is back', async () => {
    const db = await open();
    const signer = testNoteSigner(ORIGIN);
    let down = true;
    const note = (text: string): Promise<string> =>
      down
        ? Promise.reject(new OriginSignError('hsm.unavailable', 'The HSM is not reachable.'))
        : signNote(text, [signer]);
    const { publisher } = testPublisher(db, { signer, signNote: note });
    await appendDenials(db, 2);
    await publisher.durable(2);
    await expect(publisher.checkpointFor(2)).rejects.toThrow(refusedAs('hsm.unavailable'));
    await appendDenials(db, 1);
    await publisher.durable(3);
    down = false;
    expect((await publisher.checkpointFor(2)).size).toBe(3);
  });

  test('signs nothing that the mark does not cover', async () => {
    const db = await open();
    const failing = {
      ...memoryMark(),
      write: () => Promise.reject(new OriginSignError('log.unavailable', 'Disk full.')),
    };
    const { publisher } = testPublisher(db, { mark: failing });
    await appendDenials(db, 1);
    await expect(publisher.durable(1)).rejects.toThrow(refusedAs('log.unavailable'));
    await expect(publisher.checkpointFor(1)).rejects.toThrow(refusedAs('log.unavailable'));
    expect(await latestCheckpoint(db)).toBeUndefined();
  });

  test('publishes nothing that the log key did not sign, or that says something else', async () => {
    const db = await open();
    const signer = testNoteSigner(ORIGIN);
    await appendDenials(db, 1);
    const stranger = testNoteSigner(ORIGIN);
    const byStranger = testPublisher(db, { signer, signNote: (text) => signNote(text, [stranger]) });
    await expect(byStranger.publisher.checkpointFor(1)).rejects.toThrow(refusedAs('note.signature'));
    const other = testPublisher(db, { signer, signNote: (text) => signNote(text.replace('\n1\n', '\n2\n'), [signer]) });
    await expect(other.publisher.checkpointFor(1)).rejects.toThrow(refusedAs('log.corrupt'));
    expect(await latestCheckpoint(db)).toBeUndefined();
  });

  test('signs one size once: a second process finds the checkpoint of the first', async () => {
    const db = await open();
    const signer = testNoteSigner(ORIGIN, 'ecdsa-p256');
    await appendDenials(db, 4);
    const first = await testPublisher(db, { signer }).publisher.checkpointFor(4);
    const second = await testPublisher(db, { signer }).publisher.checkpointFor(4);
    expect(second.note).toBe(first.note);
  });

  test('signs no second history where the database is exchanged under it', async () => {
    const db = await open();
    const { publisher } = testPublisher(db);
    await appendDenials(db, 3);
    await publisher.checkpointFor(3);
    const emptied = await (await open()).selectFrom('log_head').selectAll().executeTakeFirstOrThrow();
    for (const table of ['log_entries', 'log_nodes', 'log_checkpoints'] as const) await db.deleteFrom(table).execute();
    await db.updateTable('log_head').set(emptied).execute();
    await appendDenials(db, 4);
    await expect(publisher.checkpointFor(4)).rejects.toThrow(refusedAs('log.rollback'));
    expect(await latestCheckpoint(db)).toBeUndefined();
  });

  test('does not wait for entries that nobody committed', async () => {
    const { publisher } = testPublisher(await open());
    await expect(publisher.checkpointFor(1)).rejects.toThrow(TypeError);
    await expect(publisher.durable(1)).rejects.toThrow(TypeError);
    expect((await publisher.checkpointFor(0)).size).toBe(0);
  });

  test('finishes what is under way when it stops, and takes nothing more', async () => {
    const db = await open();
    const { publisher } = testPublisher(db);
    await appendDenials(db, 1);
    const under = publisher.checkpointFor(1);
    await publisher.stop();
    expect((await under).size).toBe(1);
    expect((await publisher.checkpointFor(1)).size).toBe(1);
    await appendDenials(db, 1);
    await expect(publisher.checkpointFor(2)).rejects.toThrow(refusedAs('server.shutting_down'));
    await expect(publisher.durable(2)).rejects.toThrow(refusedAs('server.shutting_down'));
  });
});
