import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeHex } from '@originsign/core/encoding/hex';
import { syntheticCab } from '@originsign/core/formats/authenticode-cab/synthetic-cab.test.fixture';
import { bytesSource } from '@originsign/core/formats/bytes-source';
import { syntheticModule } from '@originsign/core/formats/linux-module/synthetic-module.test.fixture';
import { readModuleLayout } from '@originsign/core/formats/linux-module/trailer';
import { blake2b512 } from '@originsign/core/formats/minisign/digest';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { writePolicies } from '@originsign/testkit/signer';
import { signInJob, type SigningJob } from '@originsign/testkit/signing-job';
import { exportTrust, releasePolicies, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { ensureTools } from '@originsign/testkit/tools';

/*
 * One request of a mixed release, signed in the HSM: each file in its own format, and each accepted by the tool that its users have.
 */
const FORMATS = '{authenticode-cab: trial-authenticode, linux-module: trial-raw, minisign: raw-ed}';
const FILES = {
  'driver.cab': syntheticCab({ folders: 2 }),
  'acme.ko': syntheticModule(),
  'app.tgz': Buffer.from('an archive'),
};

const COMMAND = resolve(import.meta.dirname, '../../../cli/dist/main.js');

let world: SigningWorld;
let job: SigningJob;
let trust: TrustFile;
const path = (name: string) => join(world.folder, name);
const signed = async (name: string) => new Uint8Array(await readFile(join(job.folder, name)));

beforeAll(async () => {
  ensureTools(['osslsigncode', 'openssl', 'minisign']);
  world = await startSigningWorld();
  const { signer, issuer } = world;
  await signer.halt();
  const made = await signer.command('keys', 'generate', 'raw-ed', '--purpose', 'raw', '--type', 'ed25519');
  if (made.status !== 0) throw new Error(made.stderr);
  const policies = releasePolicies(issuer.url)['projects/acme-app.yml'] ?? '';
  await writePolicies(join(signer.directory, 'policies'), {
    'projects/acme-app.yml': policies.replace(/keys: \{.*\}/, `keys: ${FORMATS}`),
  });
  await signer.start();
  trust = await exportTrust(signer, path('trust.json'));
  job = await signInJob(world, { files: FILES, format: 'auto,minisign' });
});
afterAll(() => world.stop());

/** Runs the command as it was just compiled. */
function verify(...args: readonly string[]): Promise<Outcome> {
  return runChild(process.execPath, [COMMAND, 'verify', ...args]);
}

async function tool(program: string, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await runChild(program, args);
  expect({ status: outcome.status, stderr: outcome.stderr }).toMatchObject({ status: 0 });
  return outcome;
}

test('each file is signed in the format that its content shows, under its own digest', async () => {
  const { files } = await job.result;
  expect(files.map(({ name, format, key }) => [name, format, key.label])).toEqual([
    ['acme.ko', 'linux-module', 'trial-raw'],
    ['app.tgz', 'minisign', 'raw-ed'],
    ['driver.cab', 'authenticode-cab', 'trial-authenticode'],
  ]);
  expect(files[1]?.coveredDigest).toEqual({
    algorithm: 'blake2b512',
    value: encodeHex(blake2b512(FILES['app.tgz'])),
  });
  expect(files.map(({ timestamp }) => timestamp !== undefined)).toEqual([false, false, true]);
});

test('originsign verify accepts all of them, and none that was changed', async () => {
  const expected = ['--trust', path('trust.json'), '--repository', 'https://github.com/acme/app', '--trial'];
  const files = Object.keys(FILES).map((name) => join(job.folder, name));
  const good = await verify(...files, ...expected, '--project', 'acme-app');
  expect(good.stdout).toContain('covered     linuxModuleSha256');
  expect(good.status).toBe(0);
  for (const name of ['driver.cab', 'acme.ko', 'app.tgz.minisig']) {
    const honest = await signed(name);
    const changed = Uint8Array.from(honest);
    const middle = Math.floor(changed.length / 2);
    changed[middle] = (changed[middle] ?? 0) ^ 1;
    await writeFile(join(job.folder, name), changed);
    const verdict = await verify(...files, ...expected, '--project', 'acme-app');
    expect(verdict.status, name).not.toBe(0);
    await writeFile(join(job.folder, name), honest);
  }
});

test('osslsigncode accepts the cabinet with its timestamp', async () => {
  const roots = trust.signingRoots.map(({ certificate }) => pem('CERTIFICATE', decodeBase64(certificate)));
  await writeFile(path('roots.pem'), roots.join(''));
  const trusted = ['-CAfile', path('roots.pem'), '-TSA-CAfile', world.timestamps.rootFile];
  const { stdout } = await tool('osslsigncode', 'verify', ...trusted, '-in', join(job.folder, 'driver.cab'));
  expect(stdout).toContain('Timestamp Server Signature verification: ok');
  expect(stdout).toContain('Signature verification: ok');
});

test('minisign accepts the archive under the public key that the server writes, and the name is the one of the request', async () => {
  await world.signer.command('keys', 'public', 'raw-ed', '--minisign', '--output', path('raw-ed.pub'));
  const { stdout } = await tool('minisign', '-V', '-H', '-p', path('raw-ed.pub'), '-m', join(job.folder, 'app.tgz'));
  expect(stdout).toMatch(/^Trusted comment: timestamp:\d{10}\tfile:app\.tgz\thashed$/m);
  const other = await world.signer.command('keys', 'public', 'trial-raw', '--minisign', '--output', path('none'));
  expect(other.stderr).toContain('format.key_type');
});

test('openssl accepts the module under a certificate that another authority made for the public key', async () => {
  const module = await signed('acme.ko');
  const { contentEnd, signature } = await readModuleLayout(bytesSource(module));
  await writeFile(path('content'), module.subarray(0, contentEnd));
  await writeFile(path('block'), module.subarray(contentEnd, contentEnd + (signature?.length ?? 0)));
  await writeFile(path('extensions'), 'keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n');
  await world.signer.command('keys', 'public', 'trial-raw', '--output', path('module.pub'));
  const root = [
    '-newkey',
    'rsa:2048',
    '-noenc',
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.pem'),
    '-subj',
    '/CN=Modules',
  ];
  await tool('openssl', 'req', '-x509', ...root);
  const subject = [
    '-new',
    '-force_pubkey',
    path('module.pub'),
    '-subj',
    '/CN=Acme modules',
    '-out',
    path('module.pem'),
  ];
  const issuer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-extfile', path('extensions')];
  await tool('openssl', 'x509', ...subject, ...issuer);
  const files = ['-inform', 'DER', '-in', path('block'), '-content', path('content'), '-out', '/dev/null'];
  const trusted = ['-certfile', path('module.pem'), '-CAfile', path('ca.pem'), '-purpose', 'any'];
  const { stderr } = await tool('openssl', 'cms', '-verify', '-binary', ...files, ...trusted);
  expect(stderr).toContain('CMS Verification successful');
});
