import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEntryBundle, parseEntryBundle } from '@originsign/core/log/entry-bundle';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { verifyLog } from '@originsign/core/log/verify-log';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import { refusalOf } from '@originsign/testkit/error-code';
import { signInJob } from '@originsign/testkit/signing-job';
import { exportTrust, originsign, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';

let world: SigningWorld;
let trust: TrustFile;
let trustPath: string;
let receiptPath: string;
/** The log as it was exported, by path. */
const files = new Map<string, Uint8Array>();
const exported: string[] = [];

beforeAll(async () => {
  world = await startSigningWorld();
  trustPath = join(world.folder, 'trust.json');
  trust = await exportTrust(world.signer, trustPath);
  await signInJob(world);
  await exportTo('whole');
  for (const entry of await readdir(at('whole'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(at('whole').length + 1);
    if (entry.isFile()) exported.push(name);
    // What people signed stands beside the log: their own signatures vouch for it.
    if (entry.isFile() && name !== 'approvals.json') files.set(name, new Uint8Array(await readFile(path)));
  }
  receiptPath = (await signInJob(world)).signed.receiptPath ?? '';
});
afterAll(() => world.stop());

const at = (name: string): string => join(world.folder, name);

async function exportTo(name: string): Promise<void> {
  const { status, stderr } = await world.signer.command('log', 'export', at(name));
  if (status !== 0) throw new Error(stderr);
}

/** What the command says of a copy of the log; `undefined` is a file that is gone. */
async function verifyCopy(changes: Readonly<Record<string, Uint8Array | undefined>>, ...args: readonly string[]) {
  const copy = at('copy');
  await rm(copy, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const content = Object.hasOwn(changes, path) ? changes[path] : bytes;
    if (content === undefined) continue;
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), content);
  }
  return originsign('log', 'verify', '--trust', trustPath, '--directory', copy, ...args);
}

/** How a changed log is refused, without a process: the same function that the command calls. */
function refusal(changed: ReadonlyMap<string, Uint8Array>) {
  const read = (path: string) => Promise.resolve(changed.get(path));
  return refusalOf(() => verifyLog({ read }, { logs: trust.logs, entries: true }));
}

function flipped(bytes: Uint8Array, position: number): Uint8Array {
  return bytes.map((byte, index) => (index === position ? byte ^ 1 : byte));
}

function fileOf(pattern: RegExp): readonly [path: string, bytes: Uint8Array] {
  const found = [...files].find(([path]) => pattern.test(path));
  if (found === undefined) throw new Error(`The export has no ${String(pattern)}.`);
  return found;
}

describe('an exported log', () => {
  it('is a checkpoint, a tile of hashes and a bundle of entries, and verifies', async () => {
    expect(exported.sort()).toEqual([
      'approvals.json',
      'checkpoint',
      expect.stringMatching(/^tile\/0\/000\.p\/\d+$/),
      expect.stringMatching(/^tile\/entries\/000\.p\/\d+$/),
    ]);
    expect(await verifyCopy({})).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['the checkpoint', /^checkpoint$/, /checkpoint|note/, /checkpoint/],
    ['a tile', /^tile\/0\//, /tile\/0\/000\.p\/\d+ was changed/, /tile\/0\/000\.p\/\d+/],
    [
      'a bundle of entries',
      /^tile\/entries\//,
      /Entry \d+ in tile\/entries\/000\.p\/\d+/,
      /tile\/entries\/000\.p\/\d+/,
    ],
  ])(
    'with a change in %s, or without it, is refused, and the command says what and where',
    async (_, file, changed, gone) => {
      const [path, bytes] = fileOf(file);
      const middle = Math.floor(bytes.length / 2);
      const afterChange = await verifyCopy({ [path]: flipped(bytes, middle) });
      expect(afterChange).toMatchObject({ status: 1, stdout: '' });
      expect(afterChange.stderr).toMatch(changed);
      const afterRemoval = await verifyCopy({ [path]: undefined });
      expect(afterRemoval).toMatchObject({ status: 1, stdout: '' });
      expect(afterRemoval.stderr).toMatch(gone);
    },
  );

  it('does not survive a flipped bit anywhere in it', async () => {
    for (const [path, bytes] of files) {
      const step = path === 'checkpoint' ? 1 : 13;
      for (let position = 0; position < bytes.length; position += step) {
        const { code } = await refusal(new Map(files).set(path, flipped(bytes, position)));
        expect(`${path} ${position} ${code}`).toMatch(/ (?:verify\.log|note\.\w+|log\.\w+)$/);
      }
    }
  });

  it('does not survive the loss, doubling or exchange of any entry, although the tile is made to fit', async () => {
    const [bundlePath, bundle] = fileOf(/^tile\/entries\//);
    const [tilePath] = fileOf(/^tile\/0\//);
    const entries = parseEntryBundle(bundle);
    for (let index = 0; index + 1 < entries.length; index += 1) {
      const [one, next] = [entries[index] ?? bundle, entries[index + 1] ?? bundle];
      const forgeries = [
        entries.toSpliced(index, 1),
        entries.toSpliced(index, 0, one),
        entries.toSpliced(index, 2, next, one),
        entries.toSpliced(index, 1, next),
      ];
      for (const forged of forgeries) {
        const tile = Buffer.concat(forged.map(leafHash));
        const changed = new Map(files).set(bundlePath, encodeEntryBundle(forged)).set(tilePath, tile);
        expect(await refusal(changed)).toMatchObject({ code: 'verify.log' });
      }
    }
  });

  it('that ends earlier is genuine in itself, and is found out by a receipt that somebody kept', async () => {
    const cut = await verifyCopy({}, '--receipt', receiptPath);
    expect(cut.status).toBe(1);
    expect(cut.stderr).toMatch(/^error: The log was cut off: it ends after \d+ entries, but .* proves that it had \d+/);
    await exportTo('newer');
    const newer = ['log', 'verify', '--trust', trustPath, '--directory', at('newer'), '--receipt', receiptPath];
    expect(await originsign(...newer)).toMatchObject({ status: 0 });
  });
});

describe('a store that was put back', () => {
  const storeFiles = ['store.sqlite', 'store.sqlite-wal', 'store.sqlite-shm'];
  const store = (name: string): string => join(world.signer.directory, name);

  async function copyStore(from: (name: string) => string, to: (name: string) => string): Promise<void> {
    for (const name of storeFiles) {
      await rm(to(name), { force: true });
      await cp(from(name), to(name), { force: true }).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    }
  }

  it('from an old copy is refused before anything is appended, and the newer one is taken', async () => {
    await world.signer.halt();
    await mkdir(at('old'));
    await mkdir(at('new'));
    await copyStore(store, (name) => at(join('old', name)));
    await world.signer.start();
    await signInJob(world);
    await world.signer.halt();
    await copyStore(store, (name) => at(join('new', name)));
    await copyStore((name) => at(join('old', name)), store);
    const refused = await world.signer.command('serve');
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toMatch(
      /^error: The store ends after \d+ log entries, but the high-water mark stands at \d+\. \[log\.rollback\]$/m,
    );
    // Three entries on top of the old copy would pass the mark.
    const extended = await world.signer.command('keys', 'generate', 'late', '--purpose', 'cms');
    expect(extended).toMatchObject({ status: refused.status, stderr: refused.stderr });
    await copyStore((name) => at(join('new', name)), store);
    await world.signer.start();
    await signInJob(world);
    await world.signer.halt();
  });

  it('without its mark is taken with the size and root that it has, and with no others', async () => {
    const [, size = '', root = ''] = (await readFile(store('mark'), 'utf8')).split('\n');
    await rm(store('mark'));
    expect((await world.signer.command('serve')).stderr).toContain('[log.mark_missing]');
    const otherRoot = Buffer.from(root, 'base64').map((byte) => byte ^ 1);
    const wrong: readonly (readonly [string, string])[] = [
      [`${Number(size) + 1}:${root}`, 'log.rollback'],
      [`${Number(size) - 1}:${root}`, 'log.rollback'],
      [`${size}:${Buffer.from(otherRoot).toString('base64')}`, 'log.rollback'],
      [size, 'input.invalid'],
    ];
    for (const [expected, code] of wrong) {
      const { status, stderr } = await world.signer.command('serve', '--expect-log', expected);
      expect({ expected, stderr, status }).toMatchObject({ stderr: expect.stringContaining(`[${code}]`) as unknown });
      expect(status).not.toBe(0);
    }
    await world.signer.start('--expect-log', `${size}:${root}`);
    await signInJob(world);
    await world.signer.halt();
    expect(await world.signer.command('store', 'verify')).toMatchObject({ status: 0 });
  });
});
