import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { TRIAL_ORGANISATION } from '@originsign/core/x509/trial-organisation';
import { verifyChain } from '@originsign/core/x509/chain';
import { Oid } from '@originsign/core/x509/oids';
import { runChild } from '@originsign/testkit/child';
import { ensureTools } from '@originsign/testkit/tools';
import { openHsm, type Hsm } from './hsm.ts';
import { createSoftHsmToken, type SoftHsmToken } from './softhsm-token.ts';
import { issueTrialCertificate, issueTrialRoot, type CertifiedKey } from './trial-ca.ts';

const NOW = new Date();
const DAY = 86_400_000;

let folder: string;
let token: SoftHsmToken;
let hsm: Hsm;

beforeAll(async () => {
  ensureTools(['softhsm2-util', 'openssl']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-trial-'));
  token = await createSoftHsmToken(join(folder, 'hsm'), 'originsign trial');
  const pin = (await readFile(token.pinFile, 'utf8')).trimEnd();
  const { module, environment, serial } = token;
  const options = { name: 'trial', module, environment, serial, userType: 'user', processes: 1, sessions: 2 } as const;
  hsm = await openHsm({ tokens: [{ ...options, pin: { reveal: () => pin } }] });
});
afterAll(async () => {
  await hsm.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a trial token', () => {
  test('opens with the PIN of its file, and another token is not made over it', async () => {
    await expect(hsm.health()).resolves.toBeUndefined();
    await expect(createSoftHsmToken(join(folder, 'hsm'), 'again')).rejects.toMatchObject({ code: 'store.exists' });
    await expect(hsm.health()).resolves.toBeUndefined();
  });

  // Windows has no such modes.
  test.skipIf(process.platform === 'win32')('keeps its PIN and its objects from other users', async () => {
    const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    expect(await mode(token.pinFile)).toBe(0o600);
    expect(await mode(join(folder, 'hsm', 'tokens'))).toBe(0o700);
  });

  test('has a PIN that nobody guesses, different for each token', async () => {
    const other = await createSoftHsmToken(join(folder, 'other'), 'originsign trial');
    const pins = await Promise.all([token, other].map(({ pinFile }) => readFile(pinFile, 'utf8')));
    expect(new Set(pins).size).toBe(2);
    for (const pin of pins) expect(pin).toMatch(/^[A-Za-z0-9_-]{32}\n$/);
    expect(other.serial).not.toBe(token.serial);
  });

  test('is not made with a module that is none', async () => {
    const create = (): Promise<SoftHsmToken> => createSoftHsmToken(join(folder, 'none'), 'x', '/nonexistent.so');
    await expect(create()).rejects.toMatchObject({ code: 'hsm.configuration' });
    // Nothing is left that would make a second try find a token.
    await expect(create()).rejects.toMatchObject({ code: 'hsm.configuration' });
  });
});

describe.each(['p-256', 'rsa-3072'] as const)('a trial authority with a %s key', (type) => {
  let ca: CertifiedKey;
  let publisher: CertifiedKey;
  let root: Uint8Array;
  let leaf: Uint8Array;

  beforeAll(async () => {
    ca = { ...(await hsm.generate(`ca-${type}`, type)), purpose: 'ca' };
    publisher = { ...(await hsm.generate(`acme-${type}`, 'rsa-2048')), purpose: 'authenticode' };
    root = await issueTrialRoot(hsm, ca, NOW);
    leaf = await issueTrialCertificate(hsm, ca, publisher, NOW);
  });

  test('issues certificates that openssl accepts for code signing, strictly', async () => {
    const path = (name: string): string => join(folder, `${type}-${name}.pem`);
    await writeFile(path('root'), new X509Certificate(root).toString());
    await writeFile(path('leaf'), new X509Certificate(leaf).toString());
    const result = await runChild('openssl', ['verify', '-x509_strict', '-CAfile', path('root'), path('leaf')]);
    expect(result).toMatchObject({ status: 0, stdout: `${path('leaf')}: OK\n` });
    const shown = await runChild('openssl', [
      'x509',
      '-in',
      path('leaf'),
      '-noout',
      '-ext',
      'extendedKeyUsage,keyUsage',
    ]);
    expect(shown.stdout).toContain('Code Signing');
    expect(shown.stdout).toMatch(/critical\n\s+Digital Signature\n/);
  });

  test('says in each certificate that it is a trial, and whose key it is', () => {
    expect(TRIAL_ORGANISATION).toBe('OriginSign Trial - not for release');
    expect(parseCertificate(leaf).subjectText).toBe(`CN=Trial acme-${type},O=${TRIAL_ORGANISATION}`);
    expect(parseCertificate(root).subjectText).toBe(`CN=OriginSign Trial Root,O=${TRIAL_ORGANISATION}`);
    expect(Buffer.compare(parseCertificate(leaf).spki, publisher.spki)).toBe(0);
  });

  test('issues for 30 days, and not for anything but code signing', () => {
    const { notBefore, notAfter } = parseCertificate(leaf);
    expect(notAfter.getTime() - notBefore.getTime()).toBe(30 * DAY);
    const chain = (at: Date, extendedKeyUsage: string): unknown =>
      verifyChain(leaf, [], [root], { at, extendedKeyUsage });
    expect(() => chain(NOW, Oid.codeSigning)).not.toThrow();
    const refusal = expect.objectContaining({ code: 'verify.certificate' }) as Error;
    expect(() => chain(new Date(NOW.getTime() + 31 * DAY), Oid.codeSigning)).toThrow(refusal);
    expect(() => chain(NOW, Oid.timeStamping)).toThrow(refusal);
  });

  test('issues nothing for keys of other purposes, and no other key issues', async () => {
    for (const purpose of ['raw', 'log', 'provenance', 'ca', 'canary'] as const) {
      await expect(issueTrialCertificate(hsm, ca, { ...publisher, purpose }, NOW)).rejects.toMatchObject({
        code: 'key.purpose',
      });
    }
    await expect(issueTrialCertificate(hsm, publisher, publisher, NOW)).rejects.toMatchObject({ code: 'key.purpose' });
    await expect(issueTrialRoot(hsm, publisher, NOW)).rejects.toMatchObject({ code: 'key.purpose' });
  });
});
