import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { pem } from '@originsign/testkit/pem';
import { writePolicies } from '@originsign/testkit/signer';
import { signInJob } from '@originsign/testkit/signing-job';
import {
  exportTrust,
  originsign,
  releasePolicies,
  startSigningWorld,
  type SigningWorld,
} from '@originsign/testkit/signing-world';
import { createTestToken, type TestToken } from '@originsign/testkit/softhsm';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';

import { loadServerConfig } from '../config/load-server-config.ts';
import { importCertificates } from './import-certificates.ts';
import { initStore } from './init-store.ts';
import { requireKey } from './load-keys.ts';
import { checkLoaded, readPolicyDirectory } from './load-policies.ts';
import { openContext } from './open-context.ts';
import { withStore } from './open-store.ts';
import { pemCertificates } from './pem.ts';
import { verifyStore } from './verify-store.ts';

const SERVER = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let token: TestToken;
let folder: string;
let trial: SigningWorld;

beforeAll(async () => {
  token = await createTestToken();
  folder = await mkdtemp(join(tmpdir(), 'originsign-production-'));
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'store.key'), randomBytes(32).toString('base64'));
  await writeFile(join(folder, 'pin'), token.pin);
  await configure('https://sign.acme.example');
  expect(await server('init')).toMatchObject({ status: 0, stderr: '' });
  trial = await startSigningWorld();
});
afterAll(async () => {
  await trial.stop();
  await token.remove();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const configPath = (): string => at('server.yml');

/** server.yml of a production store whose token is this test's. */
async function configure(url: string, store = 'store.sqlite'): Promise<void> {
  await writeFile(
    configPath(),
    `version: 1
url: ${url}
listen: {address: "127.0.0.1:0"}
store: {url: "sqlite:${store}", encryptionKey: {file: store.key}}
policies: {directory: policies}
hsm:
  tokens:
    - {name: main, module: ${token.module}, environment: {SOFTHSM2_CONF: ${token.environment.SOFTHSM2_CONF}}, serial: "${token.serial}", pin: {file: pin}}
log: {key: log, highWaterMark: ${store}.mark}
provenance: {key: provenance}
metrics: {enabled: false}
`,
  );
}

function server(...args: readonly string[]): Promise<Outcome> {
  return runChild(process.execPath, [SERVER, ...args, '--config', configPath()], { env: process.env });
}

/** Changes rows as somebody with a shell on the host could. */
function change(path: string, sql: string, ...values: readonly unknown[]): void {
  const database = new Database(path);
  database.prepare(sql).run(...values);
  database.close();
}

/** What opening the store says: for any command, and for serving it, which refuses before it asks for the HSM. */
async function refusals(path = configPath()): Promise<readonly string[]> {
  const config = loadServerConfig(path);
  const stored = await refusalOf(() => withStore(config, () => Promise.resolve()));
  const served = await refusalOf(() => openContext(config, { journal: pino({ enabled: false }) }));
  return [stored.code, served.code];
}

async function refused(outcome: Promise<Outcome>, code: string, text?: string | RegExp): Promise<void> {
  const { status, stderr, stdout } = await outcome;
  expect({ status, stderr, stdout }).toMatchObject({ stderr: expect.stringContaining(`[${code}]`) as unknown });
  expect(status).not.toBe(0);
  if (text !== undefined) expect(stderr).toMatch(text);
}

describe('a production store', () => {
  it('says what it is in the name of its log, and has keys without any test certificate', async () => {
    const listed = await server('keys', 'list');
    expect(listed.stdout).not.toMatch(/trial| ca /);
    const exported = await server('trust', 'export', '--output', at('trust.json'));
    expect(exported).toMatchObject({ status: 0 });
    const trust = JSON.parse(await readFile(at('trust.json'), 'utf8')) as Record<string, unknown>;
    expect(trust).toMatchObject({ logs: [{ origin: 'sign.acme.example/log' }], signingRoots: [] });
    expect(trust).not.toHaveProperty('trial');
  });

  it.each(['http://localhost:8443', 'http://127.0.0.1:8443', 'http://[::1]:8443'])(
    'is not made for the URL %s, nor opened under it later',
    async (url) => {
      try {
        await configure(url, 'other.sqlite');
        const config = loadServerConfig(configPath());
        expect(await codeOfAsync(() => initStore(config, false, () => new Date()))).toBe('trial.forbidden');
        await configure(url);
        expect(await refusals()).toEqual(['trial.forbidden', 'trial.forbidden']);
      } finally {
        await configure('https://sign.acme.example');
      }
    },
  );

  it('is not even configured with a URL in the clear that is not on this machine', async () => {
    await configure('http://sign.acme.example');
    await refused(server('serve'), 'config.invalid');
    await configure('https://sign.acme.example');
  });

  it('has no certificate authority of its own', async () => {
    await refused(server('keys', 'generate', 'my-ca', '--purpose', 'ca'), 'trial.forbidden');
  });

  it('takes no chain of a trial authority, in any place of the chain, and a real one only for the key that it is for', async () => {
    expect(await server('keys', 'generate', 'release', '--purpose', 'cms')).toMatchObject({ status: 0 });
    expect(await server('keys', 'generate', 'plain', '--purpose', 'raw')).toMatchObject({ status: 0 });
    const [leaf = '', root = ''] = trialChain('trial-cms');
    const outside = makeTestAuthority(makeTestKey('p-256'));
    const foreign = outside.codeSigning(makeTestKey('p-256'));
    const publicPem = pem('CERTIFICATE', foreign.certificate);
    const attempts: readonly (readonly [string, readonly string[], string, string])[] = [
      ['release', [leaf, root], 'trial.forbidden', 'the chain of a trial'],
      ['release', [publicPem, root], 'trial.forbidden', 'a trial root'],
      ['release', [leaf, pem('CERTIFICATE', outside.certificate)], 'trial.forbidden', 'a trial leaf'],
      ['release', [root], 'key.certificate', 'a root alone'],
      ['release', [publicPem, pem('CERTIFICATE', outside.certificate)], 'key.certificate', 'another key'],
      ['plain', [publicPem, pem('CERTIFICATE', outside.certificate)], 'key.purpose', 'a raw key'],
    ];
    for (const [label, chain, code, what] of attempts) {
      const der = pemCertificates(chain.join(''));
      const attempt = withStore(loadServerConfig(configPath()), ({ db, trial: isTrial, keys }) =>
        importCertificates(
          { db, trial: isTrial, now: new Date() },
          requireKey(keys, label, label === 'plain' ? 'raw' : 'cms'),
          der,
        ),
      );
      expect(`${what}: ${await codeOfAsync(() => attempt)}`).toBe(`${what}: ${code}`);
    }
    await writeFile(at('chain.pem'), leaf + root);
    await refused(server('keys', 'certificate', 'release', '--chain', at('chain.pem')), 'trial.forbidden');
  });

  it('loads no trusted build system over http or on loopback, and signs for nobody then', async () => {
    const issuers: readonly string[] = [
      'http://ci.acme.example',
      'http://localhost:4000',
      'https://localhost:4000',
      'https://127.0.0.1:4000',
      'https://127.9.9.9',
      'https://[::1]:4000',
      'https://LOCALHOST',
      'https://build.localhost',
      'https://0.0.0.0',
      'https://[::ffff:127.0.0.1]',
    ];
    for (const issuer of issuers) {
      await writePolicies(at('policies'), releasePolicies(issuer));
      const { problems, systems } = await withStore(loadServerConfig(configPath()), async ({ trial: isTrial, keys }) =>
        checkLoaded(await readPolicyDirectory(at('policies')), { trial: isTrial, keys }),
      );
      expect(`${issuer}: ${systems.size} systems`).toBe(`${issuer}: 0 systems`);
      expect(problems.map(({ file }) => file)).toContain('trusted-build-systems/github.yml');
    }
    const { status, stdout } = await server('doctor');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^fail {2}policies +trusted-build-systems\/github\.yml:\d+.*issuer/m);
    await rm(at('policies/trusted-build-systems'), { recursive: true });
    await rm(at('policies/projects'), { recursive: true });
  });

  it.each([
    ['marked as a trial', `update meta set value = 'true' where key = 'trial'`, 'store.corrupt'],
    ['marked as neither', `update meta set value = 'no' where key = 'trial'`, 'store.corrupt'],
    [
      'with the name of a trial log',
      `update meta set value = 'sign.acme.example/trial' where key = 'log_origin'`,
      'store.corrupt',
    ],
    ['with a key marked as of a trial', `update keys set trial = 1 where label = 'release'`, 'trial.forbidden'],
    ['with a certificate authority', `update keys set purpose = 'ca' where label = 'release'`, 'trial.forbidden'],
  ])('is refused when it is %s', async (_, sql, code) => {
    const store = at('store.sqlite');
    await cp(store, at('kept.sqlite'));
    change(store, sql);
    expect(await refusals()).toEqual([code, code]);
    await cp(at('kept.sqlite'), store);
  });
});

/** Certificates of a key of the trial store, PEM. */
function trialChain(label: string): readonly string[] {
  const database = new Database(join(trial.signer.directory, 'store.sqlite'), { readonly: true });
  const row = database.prepare('select certificates from keys where label = ?').get(label) as { certificates: string };
  database.close();
  return (JSON.parse(row.certificates) as string[]).map((der) => pem('CERTIFICATE', Buffer.from(der, 'base64')));
}

describe('a trial store', () => {
  it('takes no outside certificate', async () => {
    const outside = makeTestAuthority(makeTestKey('p-256'));
    const leaf = outside.codeSigning(makeTestKey('p-256'));
    await writeFile(at('chain.pem'), pem('CERTIFICATE', leaf.certificate) + pem('CERTIFICATE', outside.certificate));
    await refused(
      trial.signer.command('keys', 'certificate', 'trial-cms', '--chain', at('chain.pem')),
      'trial.forbidden',
    );
  });

  it('vouches for nothing unless --trial is given, also where the mark was cut out of the trust file', async () => {
    const trustPath = join(trial.folder, 'trust.json');
    await exportTrust(trial.signer, trustPath);
    const { signed } = await signInJob(trial, { format: 'cms-detached' });
    const trust = JSON.parse(await readFile(trustPath, 'utf8')) as Record<string, unknown>;
    const { trial: _, ...unmarked } = trust;
    await writeFile(at('unmarked.json'), JSON.stringify(unmarked));
    const verify = (path: string, ...more: readonly string[]) =>
      originsign(
        ...['verify', signed.files[0]?.output ?? '', '--trust', path, '--project', 'acme-app'],
        ...['--repository', 'https://github.com/acme/app', ...more],
      );
    for (const path of [trustPath, at('unmarked.json')]) {
      const outcome = await verify(path);
      expect(outcome.status).toBe(1);
      expect(outcome.stderr + outcome.stdout).toContain('verify.trial');
    }
    expect(await verify(trustPath, '--trial')).toMatchObject({ status: 0 });
  });

  it('does not become a production store: by its meta data, its configuration, or both', async () => {
    await trial.signer.halt();
    const store = join(trial.signer.directory, 'store.sqlite');
    await cp(store, at('trial.sqlite'));
    const { configPath: path } = trial.signer;
    const run = (...words: readonly string[]) => trial.signer.command(...words);

    change(store, `update meta set value = 'false' where key = 'trial'`);
    await refused(run('store', 'verify'), 'store.corrupt', /Table meta, row trial/);
    expect(await refusals(path)).toEqual(['store.corrupt', 'store.corrupt']);

    // Both at once: the keys are still marked.
    change(store, `update meta set value = replace(value, '/trial', '/log') where key = 'log_origin'`);
    expect(await refusals(path)).toEqual(['trial.forbidden', 'trial.forbidden']);

    // The keys too: their certificates still say it.
    change(store, `update keys set trial = 0`);
    expect(await refusals(path)).toEqual(['trial.forbidden', 'trial.forbidden']);

    // And all that the database has: the log and its mark are still signed for under the other name.
    change(store, `delete from keys where label = 'trial-ca'`);
    change(store, `update keys set certificates = '[]'`);
    await refused(run('serve'), 'log.rollback', /high-water mark is of the log/);
    await refused(run('store', 'verify'), 'note.signature');

    await cp(at('trial.sqlite'), store);
    await withStore(loadServerConfig(path), verifyStore);
  });
});
