import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let signer: Signer;

beforeAll(async () => {
  ensureTools(['openssl']);
  signer = await startSigner({ policies: {} });
});

afterAll(() => signer.stop());

describe('keys csr', () => {
  it.each(['trial-authenticode', 'trial-cms'])('makes a request for %s that openssl accepts', async (label) => {
    const file = join(signer.directory, `${label}.csr`);
    const subject = 'CN=Acme Release,O=Acme\\, Inc.,C=DE';
    const made = await signer.command('keys', 'csr', label, '--subject', subject, '--output', file);
    expect(made.status, made.stderr).toBe(0);
    const shown = await runChild('openssl', [
      'req',
      '-in',
      file,
      '-verify',
      '-noout',
      '-subject',
      '-nameopt',
      'RFC2253',
    ]);
    expect(shown.status, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('subject=CN=Acme Release,O=Acme\\, Inc.,C=DE');
    const key = join(signer.directory, `${label}.pub`);
    await signer.command('keys', 'public', label, '--output', key);
    const extracted = await runChild('openssl', ['req', '-in', file, '-pubkey', '-noout']);
    expect(extracted.stdout).toBe(await readFile(key, 'utf8'));
  });

  it('logs what the HSM signs before it does', async () => {
    const directory = join(signer.directory, 'export');
    await signer.halt();
    await signer.start();
    const exported = await signer.command('log', 'export', directory);
    expect(exported.status, exported.stderr).toBe(0);
    const entries = await readFile(join(directory, 'tile/entries', await lastBundle(directory)), 'utf8');
    expect(entries).toContain('"action":"csr"');
  });

  it('is refused for a key that must never have a certificate', async () => {
    const file = join(signer.directory, 'raw.csr');
    const made = await signer.command('keys', 'csr', 'trial-raw', '--subject', 'CN=a', '--output', file);
    expect(made).toMatchObject({ status: 3, stdout: '' });
    expect(made.stderr).toContain('[key.purpose]');
  });
});

describe('keys certificate', () => {
  it('is refused in a trial store, whatever the certificate', async () => {
    const chain = join(signer.directory, 'chain.pem');
    await writeFile(chain, await readFile(join(signer.directory, 'tls', 'server.pem')));
    const made = await signer.command('keys', 'certificate', 'trial-cms', '--chain', chain);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('[trial.forbidden]');
  });
});

/** A small log has one partial bundle, named after its width. */
async function lastBundle(directory: string): Promise<string> {
  const listed = await runChild('sh', ['-c', 'ls tile/entries/000.p'], { cwd: directory });
  return join('000.p', listed.stdout.trim());
}
