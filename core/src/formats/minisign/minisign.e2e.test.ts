import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { makeTestKey } from '@originsign/testkit/test-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeBase64 } from '../../encoding/base64.ts';
import { bytesSource } from '../bytes-source.ts';
import { besideReader, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { minisign } from './minisign.ts';
import { minisignPublicKey, parseMinisign } from './signature-file.ts';

const key = makeTestKey('ed25519');
let folder = '';
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  ensureTools(['minisign']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-minisign-'));
  await writeFile(path('ours.pub'), minisignPublicKey(key.spki));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What minisign says of a file and the signature beside it. */
async function verdict(content: Uint8Array, signature: Uint8Array, ...args: readonly string[]) {
  await writeFile(path('file'), content);
  await writeFile(path('file.minisig'), signature);
  return runChild('minisign', ['-V', '-p', path('ours.pub'), '-m', path('file'), ...args]);
}

const FILES = {
  'an empty file': new Uint8Array(),
  'a small file': Buffer.from('a tarball\n'),
  'a file of 1 MiB': randomBytes(1024 * 1024),
};

test.each(Object.entries(FILES))(
  'minisign accepts both kinds for %s, and a changed one of neither',
  async (_, file) => {
    for (const options of [{}, { legacy: true }]) {
      const name = 'dist/app.tgz';
      const { beside } = await signFile(minisign, file, { key }, { options, context: { name } });
      const signature = beside.get('.minisig') ?? new Uint8Array();
      const good = await verdict(file, signature);
      expect(good.stdout).toContain('Signature and comment signature verified');
      expect(good.stdout).toMatch(/Trusted comment: timestamp:\d{10}\tfile:app\.tgz/);
      expect(good.status).toBe(0);
      expect((await verdict(Buffer.concat([file, Buffer.from('.')]), signature)).status).not.toBe(0);
      const comment = Buffer.from(signature).toString().replace('app.tgz', 'bad.tgz');
      expect((await verdict(file, Buffer.from(comment))).stderr).toContain('Comment signature verification failed');
    }
  },
);

test('minisign that wants the hashed kind takes ours, and not the legacy one; 5 MiB are signed by their hash', async () => {
  const hashed = await signFile(minisign, FILES['a small file'], { key });
  const legacy = await signFile(minisign, FILES['a small file'], { key }, { options: { legacy: true } });
  const verdicts = [];
  for (const { beside, bytes } of [hashed, legacy]) {
    verdicts.push((await verdict(bytes, beside.get('.minisig') ?? new Uint8Array(), '-H')).status === 0);
  }
  expect(verdicts).toEqual([true, false]);
  const large = await signFile(minisign, randomBytes(5 * 1024 * 1024), { key });
  expect((await verdict(large.bytes, large.beside.get('.minisig') ?? new Uint8Array())).status).toBe(0);
});

test('what minisign signs is verified by us, under its key alone', async () => {
  await runChild('minisign', ['-G', '-W', '-p', path('theirs.pub'), '-s', path('theirs.key')]);
  const file = FILES['a small file'];
  await writeFile(path('their-file'), file);
  const [, line = ''] = (await readFile(path('theirs.pub'), 'utf8')).split('\n');
  const publicKey = decodeBase64(line);
  const spki = Buffer.concat([key.spki.subarray(0, -32), publicKey.subarray(10)]);
  for (const kind of [[], ['-l']]) {
    const args = ['-S', '-W', ...kind, '-s', path('theirs.key'), '-m', path('their-file')];
    expect((await runChild('minisign', args)).status).toBe(0);
    const bytes = new Uint8Array(await readFile(path('their-file.minisig')));
    const verified = await minisign.verify(bytesSource(file), besideReader({ beside: new Map([['.minisig', bytes]]) }));
    expect(verified && verifiesUnder(verified, spki)).toBe(true);
    expect(verified && verifiesUnder(verified, key.spki)).toBe(false);
    expect(Buffer.from(parseMinisign(bytes).keyId).equals(publicKey.subarray(2, 10))).toBe(true);
  }
});
