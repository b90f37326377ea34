import { beforeAll, describe, expect, test } from 'vitest';
import { REQUEST, TestLog } from '@originsign/testkit/test-log';
import { utf8 } from '../encoding/bytes.ts';
import { encodeEntryBundle, parseEntryBundle } from './entry-bundle.ts';
import { leafHash } from './merkle-hash.ts';
import { verifyLog, type VerifyLogOptions } from './verify-log.ts';

const log = new TestLog();
/** Two full tiles and a partial one. */
const SIZE = 600;
let files: Map<string, Uint8Array>;
const results: number[] = [];

beforeAll(async () => {
  while (log.entries.length < SIZE) {
    if ([0, 150, 450, 597].includes(log.entries.length)) results.push(log.addRequest(`request ${results.length}`));
    else log.add({ type: 'STOP', replica: 'a' });
  }
  files = await log.files();
});

const check = (
  changes: Readonly<Record<string, Uint8Array | undefined>> = {},
  options: Partial<VerifyLogOptions> = {},
): ReturnType<typeof verifyLog> => {
  const altered = new Map([...files, ...Object.entries(changes)]);
  const read = (path: string): Promise<Uint8Array | undefined> => Promise.resolve(altered.get(path));
  return verifyLog({ read }, { logs: [log.trusted], entries: true, ...options });
};
const refused = (kind: string, message: RegExp, details: object = {}): unknown =>
  expect.objectContaining({
    code: 'verify.log',
    message: expect.stringMatching(message) as unknown,
    details: expect.objectContaining({ kind, ...details }) as unknown,
  });
const file = (path: string): Uint8Array => {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`The log has no ${path}.`);
  return bytes;
};
const flipped = (path: string, at: number): Uint8Array => {
  const copy = Uint8Array.from(file(path));
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const bundle = (path: string, change: (entries: Uint8Array[]) => Uint8Array[]): Uint8Array =>
  encodeEntryBundle(change([...parseEntryBundle(file(path))]));
/** Another entry that an honest server could have written. */
const other = (): Uint8Array => {
  const foreign = new TestLog();
  foreign.add(REQUEST);
  return foreign.entries[0] as Uint8Array;
};

describe('the check of a whole log', () => {
  test('reports an honest one', async () => {
    const report = await check();
    expect(report).toMatchObject({
      checkpoint: { size: SIZE },
      types: { REQUEST: 4, INTENT: 4, RESULT: 4, STOP: 588 },
    });
    expect((await check({}, { entries: false })).types).toEqual({});
  });

  test('takes an empty log and a log that outgrew its partial tiles', async () => {
    const empty = await new TestLog().files();
    expect([...empty.keys()]).toEqual(['checkpoint']);
    const small = await log.files(300);
    for (const path of ['tile/0/001', 'tile/entries/001']) {
      small.delete(`${path}.p/44`);
      small.set(path, file(path));
    }
    const read = (path: string): Promise<Uint8Array | undefined> => Promise.resolve(small.get(path));
    const report = await verifyLog({ read }, { logs: [log.trusted], entries: true });
    expect(report.checkpoint.size).toBe(300);
  });

  test('finds every file that is missing, by name', async () => {
    expect(files.size).toBe(1 + 3 + 1 + 3);
    for (const path of files.keys()) {
      await expect(check({ [path]: undefined }), path).rejects.toThrow(
        refused('missing', /lacks|no checkpoint/, { path }),
      );
    }
  });

  test('finds every file that is cut or longer', async () => {
    for (const path of [...files.keys()].filter((name) => name.startsWith('tile/'))) {
      for (const bytes of [file(path).subarray(0, -1), file(path).subarray(32), new Uint8Array([...file(path), 0])]) {
        await expect(check({ [path]: bytes }), path).rejects.toThrow(expect.objectContaining({ code: 'verify.log' }));
      }
    }
  });

  test('finds an entry that was changed, and names it', async () => {
    for (const [path, at, index] of [
      ['tile/entries/000', 0, 0],
      ['tile/entries/001', 255, 511],
      ['tile/entries/002.p/88', 87, 599],
    ] as const) {
      const changed = bundle(path, (entries) => entries.with(at, other()));
      const message = new RegExp(`^Entry ${index} in ${path} was changed\\.$`);
      await expect(check({ [path]: changed })).rejects.toThrow(refused('entry', message, { path, index }));
    }
  });

  test('finds an entry that was removed, doubled, or moved', async () => {
    const path = 'tile/entries/001';
    const removed = bundle(path, (entries) => entries.toSpliced(7, 1));
    await expect(check({ [path]: removed })).rejects.toThrow(
      refused('malformed', /has 255 entries instead of 256/, { path }),
    );
    const doubled = bundle(path, (entries) => entries.toSpliced(7, 0, entries[7] as Uint8Array));
    await expect(check({ [path]: doubled })).rejects.toThrow(refused('malformed', /has 257 entries/, { path }));
    const moved = bundle(path, (entries) =>
      entries.with(7, entries[8] as Uint8Array).with(8, entries[7] as Uint8Array),
    );
    await expect(check({ [path]: moved })).rejects.toThrow(refused('entry', /^Entry 263 /, { index: 263 }));
  });

  test('finds a hash that was changed in any tile, and names it', async () => {
    for (const [path, index] of [
      ['tile/0/000', 3],
      ['tile/0/002.p/88', 515],
    ] as const) {
      const message = new RegExp(`^The hash of entry ${index} in ${path} was changed`);
      await expect(check({ [path]: flipped(path, 3 * 32) })).rejects.toThrow(refused('tile', message, { path, index }));
    }
    const path = 'tile/1/000.p/2';
    const message = /^Hash 1 of tile\/1\/000\.p\/2 is not the root of the tile below it\.$/;
    await expect(check({ [path]: flipped(path, 40) })).rejects.toThrow(refused('tile', message, { path, hash: 1 }));
  });

  test('finds a changed hash without the entries too', async () => {
    const options = { entries: false };
    const full = check({ 'tile/0/001': flipped('tile/0/001', 0) }, options);
    await expect(full).rejects.toThrow(refused('tile', /^Hash 1 of tile\/1\/000\.p\/2 is not the root/));
    const partial = check({ 'tile/0/002.p/88': flipped('tile/0/002.p/88', 0) }, options);
    await expect(partial).rejects.toThrow(refused('rewritten', /lead to another root than the checkpoint of size 600/));
  });

  test('finds an entry that was changed together with its hash', async () => {
    const entry = other();
    const both = (tile: string, path: string, at: number): Record<string, Uint8Array> => {
      const hashes = Uint8Array.from(file(tile));
      hashes.set(leafHash(entry), at * 32);
      return { [tile]: hashes, [path]: bundle(path, (entries) => entries.with(at, entry)) };
    };
    const full = check(both('tile/0/001', 'tile/entries/001', 9));
    await expect(full).rejects.toThrow(refused('tile', /^Hash 1 of tile\/1\/000\.p\/2 /));
    const partial = both('tile/0/002.p/88', 'tile/entries/002.p/88', 9);
    await expect(check(partial)).rejects.toThrow(refused('rewritten', /something after entry 0 was changed/));
    const checkpoints = [{ name: 'kept', text: await log.checkpoint(513) }];
    await expect(check(partial, { checkpoints })).rejects.toThrow(
      refused('rewritten', /something after entry 513 /, { after: 513 }),
    );
  });

  test('finds entry and hash that were changed in different ways', async () => {
    const changed = bundle('tile/entries/000', (entries) => entries.with(2, other()));
    const both = check({ 'tile/entries/000': changed, 'tile/0/000': flipped('tile/0/000', 64) });
    await expect(both).rejects.toThrow(refused('entry', /^Entry 2 .* neither leads to the signed root/));
  });

  test('finds a checkpoint that was changed', async () => {
    const note = Buffer.from(file('checkpoint')).toString();
    for (const [text, code] of [
      [note.replace('\n600\n', '\n599\n'), 'note.signature'],
      [note.slice(0, -1), 'note.malformed'],
      [await new TestLog().checkpoint(0), 'note.signature'],
    ] as const) {
      await expect(check({ checkpoint: utf8(text) })).rejects.toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('the check against what people kept', () => {
  test('takes receipts and checkpoints that the log extends', async () => {
    const receipts = await Promise.all(
      results
        .slice(0, 5)
        .map(async (index) => ({ name: `receipt ${index}`, text: await log.receipt(index, index + 1) })),
    );
    const checkpoints = [
      { name: 'kept', text: await log.checkpoint(256) },
      { name: 'same', text: await log.checkpoint() },
    ];
    expect((await check({}, { receipts, checkpoints })).compared).toBe(6);
    expect((await check({}, { receipts, checkpoints, entries: false })).compared).toBe(6);
  });

  test('finds that a log was cut off', async () => {
    const short = Object.fromEntries(await log.files(599));
    await check(short);
    const receipts = [{ name: 'app.tlog-proof', text: await log.receipt(results.at(-1) ?? 0) }];
    const message = /^The log was cut off: it ends after 599 entries, but app\.tlog-proof proves that it had 600\.$/;
    await expect(check(short, { receipts })).rejects.toThrow(
      refused('truncated', message, { size: 599, provenSize: 600 }),
    );
    const checkpoints = [{ name: 'kept', text: await log.checkpoint() }];
    await expect(check(short, { checkpoints })).rejects.toThrow(refused('truncated', /kept proves that it had 600/));
  });

  test('finds that the log was written anew under its own key', async () => {
    const forged = new TestLog();
    Object.assign(forged, { signer: log.signer });
    forged.entries.push(...log.entries.slice(0, 300));
    while (forged.entries.length < SIZE) forged.add({ type: 'STOP', replica: 'b' });
    const anew = Object.fromEntries(await forged.files());
    await check(anew);
    const [, kept = 0, later = 0] = results;
    const receipt = async (index: number) => ({ name: 'mine', text: await log.receipt(index, index + 1) });
    await check(anew, { receipts: [await receipt(kept)] });
    const fork = check(anew, { receipts: [await receipt(kept), await receipt(later)] });
    await expect(fork).rejects.toThrow(
      refused('fork', new RegExp(`^Entry ${later} is not the one that mine proves`), { index: later }),
    );
    const checkpoints = [{ name: 'kept', text: await log.checkpoint(301) }];
    await expect(check(anew, { checkpoints })).rejects.toThrow(
      refused('fork', /^The first 301 entries are not the ones/),
    );
  });

  test('refuses kept proofs that do not verify themselves, or are of another log', async () => {
    const receipts = [{ name: 'broken', text: (await log.receipt(results[0] ?? 0)).replace('index ', 'index 1') }];
    await expect(check({}, { receipts })).rejects.toThrow(expect.objectContaining({ code: 'proof.invalid' }));
    const trial = new TestLog('ed25519', 'sign.acme.example/trial');
    const logs = [log.trusted, trial.trusted];
    const checkpoints = [{ name: 'kept', text: await trial.checkpoint() }];
    const message = /^kept is of the log sign\.acme\.example\/trial, not of sign\.acme\.example\/log\.$/;
    await expect(check({}, { logs, checkpoints })).rejects.toThrow(refused('fork', message));
  });
});

describe('the order of entries', () => {
  const ordered = async (build: (forged: TestLog) => void): Promise<unknown> => {
    const forged = new TestLog();
    build(forged);
    const all = await forged.files();
    return verifyLog({ read: (path) => Promise.resolve(all.get(path)) }, { logs: [forged.trusted], entries: true });
  };

  test('is checked under a valid signature', async () => {
    await expect(ordered((forged) => forged.add({ type: 'CANCEL', requestId: REQUEST.requestId }))).rejects.toThrow(
      refused('order', /^Entry 0 in tile\/entries\/000\.p\/1 is a CANCEL without a REQUEST\.$/, { index: 0 }),
    );
  });

  test('includes that every entry can be read', async () => {
    await expect(ordered((forged) => forged.entries.push(utf8('{}')))).rejects.toThrow(
      refused('malformed', /^Entry 0 in tile\/entries\/000\.p\/1: The log entry is malformed/, { index: 0 }),
    );
  });
});
