import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { debianDependency, debianPackage } from '@originsign/testkit/debian-package';
import { pem } from '@originsign/testkit/pem';
import { makeTestAuthority, makeTestKey, type TestKey } from '@originsign/testkit/test-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../encoding/base64.ts';
import { bytesSource } from '../bytes-source.ts';
import { nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { linuxModule } from './linux-module.ts';
import { readModuleLayout } from './trailer.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
let folder = '';
/** Modules of Debian's kernel for virtual machines, which its build signed. */
let modules: readonly string[] = [];

beforeAll(async () => {
  ensureTools(['openssl', 'modinfo']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-module-'));
  const { stdout } = await runChild('dpkg', ['--print-architecture']);
  const kernel = await debianDependency(`linux-image-cloud-${stdout.trim()}`);
  const files = await debianPackage(kernel, ['*/kernel/lib/*.ko', '*/drivers/virtio/*.ko']);
  modules = (await readdir(files, { recursive: true })).filter((name) => name.endsWith('.ko')).sort();
  modules = modules.map((name) => join(files, name));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The certificate that kernels get to know the key by, made as the documentation of the format says. */
async function enrol(key: TestKey): Promise<Uint8Array> {
  const path = (name: string) => join(folder, name);
  await writeFile(path('root.pem'), pem('CERTIFICATE', authority.certificate));
  await writeFile(path('root.key'), authority.key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(path('module.pub'), pem('PUBLIC KEY', key.spki));
  await writeFile(path('extensions'), 'keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n');
  const subject = ['-new', '-force_pubkey', path('module.pub'), '-subj', '/CN=Acme modules', '-days', '30'];
  const issuer = ['-CA', path('root.pem'), '-CAkey', path('root.key'), '-extfile', path('extensions')];
  const { stderr } = await runChild('openssl', [
    'x509',
    ...subject,
    ...issuer,
    '-outform',
    'DER',
    '-out',
    path('module.der'),
  ]);
  expect(stderr).not.toContain('rror');
  return new Uint8Array(await readFile(path('module.der')));
}

async function original(path: string): Promise<Uint8Array> {
  const signed = new Uint8Array(await readFile(path));
  return signed.subarray(0, (await readModuleLayout(bytesSource(signed))).contentEnd);
}

/** What modinfo says of a module, by field. */
async function modinfo(file: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, 'seen.ko');
  await writeFile(path, file);
  const { stdout } = await runChild('modinfo', [path]);
  const fields = [...stdout.matchAll(/^([a-z_]+): +(.*(?:\n\t\t.*)*)$/gm)];
  return new Map(fields.map(([, name = '', value = '']) => [name, value.replaceAll(/\s/g, '')]));
}

async function opensslVerdict(file: Uint8Array, certificate: Uint8Array) {
  const { contentEnd, signature } = await readModuleLayout(bytesSource(file));
  const path = (name: string) => join(folder, name);
  await writeFile(path('content'), file.subarray(0, contentEnd));
  await writeFile(path('block'), file.subarray(contentEnd, contentEnd + (signature?.length ?? 0)));
  await writeFile(path('signer.pem'), pem('CERTIFICATE', certificate));
  await writeFile(path('root.pem'), pem('CERTIFICATE', authority.certificate));
  const files = ['-inform', 'DER', '-in', path('block'), '-content', path('content'), '-out', '/dev/null'];
  const trust = ['-certfile', path('signer.pem'), '-CAfile', path('root.pem'), '-purpose', 'any'];
  return runChild('openssl', ['cms', '-verify', '-binary', ...files, ...trust]);
}

test('the modules of Debian are recognised, read as signed, and not by our key', async () => {
  expect(modules.length).toBeGreaterThanOrEqual(10);
  for (const path of modules) {
    const source = bytesSource(new Uint8Array(await readFile(path)));
    expect(await linuxModule.recognise(source), basename(path)).toBe(true);
    const verified = await linuxModule.verify(source, nothingBeside);
    expect(verified?.signature.length).toBeGreaterThan(64);
    expect(verified && verifiesUnder(verified, authority.key.spki)).toBe(false);
  }
});

describe.each(['rsa-2048', 'rsa-4096', 'p-256'] as const)('a signature of a %s key', (type) => {
  const key = makeTestKey(type);

  test('is accepted by openssl for its module and no other, however the key is named', async () => {
    const [path = ''] = modules;
    const certificate = await enrol(key);
    const file = await original(path);
    for (const options of [{}, { certificate: encodeBase64(certificate) }]) {
      const { bytes } = await signFile(linuxModule, file, { key }, { options });
      const good = await opensslVerdict(bytes, certificate);
      expect(good.stderr).toContain('CMS Verification successful');
      const changed = Uint8Array.from(bytes);
      changed[1000] = (changed[1000] ?? 0) ^ 1;
      expect((await opensslVerdict(changed, certificate)).status).not.toBe(0);
      const verified = await linuxModule.verify(bytesSource(changed), nothingBeside);
      expect(verified && verifiesUnder(verified, key.spki)).toBe(false);
    }
  });
});

test('modinfo shows our signature, and everything else as before, for every module', async () => {
  const key = makeTestKey('rsa-2048');
  const certificate = await enrol(key);
  const options = { certificate: encodeBase64(certificate) };
  for (const path of modules.slice(0, 12)) {
    const before = await original(path);
    const { bytes, signature } = await signFile(
      linuxModule,
      new Uint8Array(await readFile(path)),
      { key },
      { options },
    );
    expect(Buffer.from(bytes.subarray(0, before.length)).equals(before), basename(path)).toBe(true);
    const shown = new Map(await modinfo(bytes));
    expect(shown.get('sig_id')).toBe('PKCS#7');
    expect(shown.get('signer')).toBe('TestRoot');
    expect(shown.get('sig_hashalgo')).toBe('sha256');
    expect(shown.get('signature')?.replaceAll(':', '').toLowerCase()).toBe(Buffer.from(signature).toString('hex'));
    for (const name of ['sig_id', 'signer', 'sig_key', 'sig_hashalgo', 'signature']) shown.delete(name);
    expect(shown).toEqual(await modinfo(before));
  }
});

test("the kernel's own tool makes the same file of the same key, byte for byte", async () => {
  const tool = await debianPackage('linux-kbuild-6.1', ['*/sign-file']);
  const program = join(tool, 'usr/lib/linux-kbuild-6.1/scripts/sign-file');
  const key = makeTestKey('rsa-2048');
  const certificate = await enrol(key);
  const path = (name: string) => join(folder, name);
  await writeFile(path('sign.key'), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(path('sign.pem'), pem('CERTIFICATE', certificate));
  const [module = ''] = modules;
  await writeFile(path('theirs.ko'), await original(module));
  const signing = await runChild(program, [
    'sha256',
    path('sign.key'),
    path('sign.pem'),
    path('theirs.ko'),
    path('out.ko'),
  ]);
  expect(signing.stderr).toBe('');
  const options = { certificate: encodeBase64(certificate) };
  const ours = await signFile(linuxModule, await original(module), { key }, { options });
  expect(Buffer.from(ours.bytes).equals(await readFile(path('out.ko')))).toBe(true);
  const named = ['-k', 'sha256', path('sign.key'), path('sign.pem'), path('theirs.ko'), path('named.ko')];
  expect((await runChild(program, named)).stderr).toBe('');
  const byIdentifier = await signFile(linuxModule, await original(module), { key });
  expect(Buffer.from(byIdentifier.bytes).equals(await readFile(path('named.ko')))).toBe(true);
});

test('a compressed module and other ELF files are refused', async () => {
  const [module = ''] = modules;
  await copyFile(module, join(folder, 'packed.ko'));
  await runChild('gzip', [join(folder, 'packed.ko')]);
  const packed = new Uint8Array(await readFile(join(folder, 'packed.ko.gz')));
  const program = new Uint8Array(await readFile('/bin/true'));
  for (const file of [packed, program, randomBytes(1000)]) {
    expect(await linuxModule.recognise(bytesSource(file))).toBe(false);
    await expect(signFile(linuxModule, file, { key: authority.key })).rejects.toMatchObject({
      code: 'format.malformed',
    });
  }
});
