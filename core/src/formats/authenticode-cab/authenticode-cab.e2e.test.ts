import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { debianPackage } from '@originsign/testkit/debian-package';
import { pem } from '@originsign/testkit/pem';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { startTimestampAuthority, type TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../encoding/bytes.ts';
import { verifyTimestampToken } from '../../x509/timestamp-token.ts';
import { bytesSource } from '../bytes-source.ts';
import { nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { authenticodeCab } from './authenticode-cab.ts';
import { syntheticCab, unsignedAgain } from './synthetic-cab.test.fixture.ts';

const authority = makeTestAuthority(makeTestKey('rsa-3072'));
const publisher = authority.codeSigning(makeTestKey('rsa-3072'));
/** Cabinets of firmware that Debian's tests of fwupd bring, and what gcab makes of files. */
const CABINETS = {
  'fakedevice123.cab of fwupd-tests': () => firmware('fakedevice123.cab'),
  'fakedevice124.cab of fwupd-tests': () => firmware('fakedevice124.cab'),
  'colorhug-als-3.0.2.cab of fwupd-tests': () => firmware('tests/colorhug/colorhug-als-3.0.2.cab'),
  'a compressed cabinet of gcab': () => made('-z', 'text', 'random'),
  'a stored cabinet of gcab, 3 MiB': () => made('-n', 'large', 'text'),
  'the smallest cabinet of gcab': () => made('-n', 'empty'),
  'a cabinet of 20 folders': () => Promise.resolve(syntheticCab({ folders: 20, data: randomBytes(33) })),
} as const;

let folder = '';
let timestamps: TimestampAuthority;

beforeAll(async () => {
  ensureTools(['osslsigncode', 'gcab', 'cabextract']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-cab-'));
  await writeFile(join(folder, 'root.pem'), pem('CERTIFICATE', authority.certificate));
  await writeFile(join(folder, 'publisher.pem'), pem('CERTIFICATE', publisher.certificate));
  await writeFile(join(folder, 'key.pem'), publisher.key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(join(folder, 'text'), 'a driver\n'.repeat(1000));
  await writeFile(join(folder, 'random'), randomBytes(100_000));
  await writeFile(join(folder, 'large'), randomBytes(3 * 1024 * 1024));
  await writeFile(join(folder, 'empty'), '');
  timestamps = await startTimestampAuthority();
});

afterAll(async () => {
  await timestamps.stop();
  await rm(folder, { recursive: true, force: true });
});

async function firmware(name: string): Promise<Uint8Array> {
  const files = await debianPackage('fwupd-tests', ['*.cab']);
  return new Uint8Array(await readFile(join(files, 'usr/share/installed-tests/fwupd', name)));
}

async function made(...args: readonly [string, ...string[]]): Promise<Uint8Array> {
  const [compression, ...files] = args;
  const path = join(folder, 'made.cab');
  const { status, stderr } = await runChild('gcab', ['-c', compression, path, ...files], { cwd: folder });
  if (status !== 0) throw new Error(stderr);
  return new Uint8Array(await readFile(path));
}

async function osslsigncode(file: Uint8Array, ...args: readonly string[]) {
  const path = join(folder, 'signed.cab');
  await writeFile(path, file);
  return runChild('osslsigncode', ['verify', '-CAfile', join(folder, 'root.pem'), ...args, '-in', path]);
}

/** What cabextract gets out of a cabinet: a line with size and name for each file. */
async function contents(file: Uint8Array): Promise<readonly string[]> {
  const path = join(folder, 'listed.cab');
  await writeFile(path, file);
  const { stdout } = await runChild('cabextract', ['--list', path]);
  return stdout.split('\n').filter((line) => line.includes('|'));
}

describe.each(Object.entries(CABINETS))('%s', (_, cabinet) => {
  test('is accepted by osslsigncode with the same digest, unpacks as before, and no other byte changed', async () => {
    const original = await cabinet();
    const signed = await signFile(authenticodeCab, original, publisher, {
      context: { programName: 'Acme Zürich', programUrl: 'https://acme.example/' },
    });
    const { status, stdout } = await osslsigncode(signed.bytes);
    expect(stdout).toContain('Signature verification: ok');
    expect(status).toBe(0);
    expect(/Calculated message digest\s*: ([0-9A-F]+)/.exec(stdout)?.[1]?.toLowerCase()).toBe(signed.coveredDigest);
    expect(Buffer.from(unsignedAgain(signed.bytes)).equals(original)).toBe(true);
    expect(await contents(signed.bytes)).toEqual(await contents(original));
    const verified = await authenticodeCab.verify(bytesSource(signed.bytes), nothingBeside);
    expect(verified?.coveredDigest.value).toBe(signed.coveredDigest);
  });
});

test('a timestamp is accepted by osslsigncode and by us, also of a P-256 publisher', async () => {
  const elliptic = authority.codeSigning(makeTestKey('p-256'));
  const signed = await signFile(authenticodeCab, await firmware('fakedevice123.cab'), elliptic, { timestamps });
  const { status, stdout } = await osslsigncode(signed.bytes, '-TSA-CAfile', timestamps.rootFile);
  expect(stdout).toContain('Timestamp Server Signature verification: ok');
  expect(stdout).toContain('Signature verification: ok');
  expect(status).toBe(0);
  const verified = await authenticodeCab.verify(bytesSource(signed.bytes), nothingBeside);
  const token = verified?.timestampToken ?? utf8('none');
  expect(verifyTimestampToken(token, signed.signature, [timestamps.root]).authority).toContain('CN=Test Timestamps');
});

test('the signature of osslsigncode is read by us, and replaced with the same digest', async () => {
  const [theirs, original] = [join(folder, 'theirs.cab'), join(folder, 'original.cab')];
  await rm(theirs, { force: true });
  await writeFile(original, await firmware('fakedevice124.cab'));
  const keys = ['-certs', join(folder, 'publisher.pem'), '-key', join(folder, 'key.pem')];
  const { status } = await runChild('osslsigncode', ['sign', '-h', 'sha256', ...keys, '-in', original, '-out', theirs]);
  expect(status).toBe(0);
  const bytes = new Uint8Array(await readFile(theirs));
  const verified = await authenticodeCab.verify(bytesSource(bytes), nothingBeside);
  expect(Buffer.from(verified?.signerCertificate ?? '').equals(publisher.certificate)).toBe(true);
  const ours = await signFile(authenticodeCab, bytes, authority.codeSigning(makeTestKey('p-256')));
  expect(ours.coveredDigest).toBe(verified?.coveredDigest.value);
  expect((await osslsigncode(ours.bytes)).stdout).toContain('Signature verification: ok');
});

test('a changed byte is refused by osslsigncode and by us', async () => {
  const { bytes } = await signFile(authenticodeCab, await firmware('fakedevice123.cab'), publisher);
  const changed = Uint8Array.from(bytes);
  changed[200] = (changed[200] ?? 0) ^ 1;
  expect((await osslsigncode(changed)).status).not.toBe(0);
  const verifying = authenticodeCab.verify(bytesSource(changed), nothingBeside);
  await expect(verifying).rejects.toMatchObject({ code: 'verify.digest' });
});
