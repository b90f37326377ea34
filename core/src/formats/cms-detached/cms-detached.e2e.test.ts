import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { startTimestampAuthority, type TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { fromBER } from 'asn1js';
import { Certificate, ContentInfo, SignedData } from 'pkijs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyTimestampToken } from '../../x509/timestamp-token.ts';
import { bytesSource } from '../bytes-source.ts';
import { besideReader, signFile, type SignedFile } from '../sign-file.test.fixture.ts';
import { cmsDetached } from './cms-detached.ts';

const file = Buffer.from('line one\nline two\r\nno end of line');
const authority = makeTestAuthority(makeTestKey('rsa-3072'));
let folder = '';
let timestamps: TimestampAuthority;

beforeAll(async () => {
  ensureTools(['openssl']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-cms-'));
  timestamps = await startTimestampAuthority();
  await writeFile(join(folder, 'root.pem'), pem('CERTIFICATE', authority.certificate));
});

afterAll(async () => {
  await timestamps.stop();
  await rm(folder, { recursive: true, force: true });
});

async function openssl(content: Uint8Array, signed: SignedFile) {
  const [contentFile, signatureFile] = [join(folder, 'content'), join(folder, 'content.p7s')];
  await writeFile(contentFile, content);
  await writeFile(signatureFile, signed.beside.get('.p7s') ?? '');
  const files = ['-inform', 'DER', '-in', signatureFile, '-content', contentFile, '-CAfile', join(folder, 'root.pem')];
  return runChild('openssl', ['cms', '-verify', '-binary', ...files, '-purpose', 'any', '-out', '/dev/null']);
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function pkijsSignedData(block: Uint8Array): SignedData {
  const contentInfo = new ContentInfo({ schema: fromBER(exact(block)).result });
  return new SignedData({ schema: contentInfo.content });
}

describe.each(['rsa-2048', 'rsa-4096', 'p-256'] as const)('a signature of a %s key', (type) => {
  let signed: SignedFile;

  beforeAll(async () => {
    signed = await signFile(cmsDetached, file, authority.codeSigning(makeTestKey(type)), { timestamps });
  });

  test('is accepted by openssl for its content and no other', async () => {
    const good = await openssl(file, signed);
    expect(good.stderr).toContain('CMS Verification successful');
    expect(good.status).toBe(0);
    expect((await openssl(Buffer.from('other'), signed)).status).not.toBe(0);
  });

  test('is accepted by a second implementation', async () => {
    const trustedCerts = [Certificate.fromBER(exact(authority.certificate))];
    const signedData = pkijsSignedData(signed.beside.get('.p7s') ?? new Uint8Array());
    const data = exact(file);
    expect(await signedData.verify({ signer: 0, data, trustedCerts, checkChain: true })).toBe(true);
    const wrong = signedData.verify({ signer: 0, data: exact(Buffer.from('other')), trustedCerts });
    await expect(wrong).rejects.toThrow(/digest doesn't match/);
  });

  test('carries a timestamp that openssl, a second implementation and we accept', async () => {
    const verified = await cmsDetached.verify(bytesSource(file), besideReader(signed));
    const token = verified?.timestampToken ?? new Uint8Array();
    expect(verifyTimestampToken(token, signed.signature, [timestamps.root]).policy).toBe('1.3.6.1.4.1.99999.1');

    const trustedCerts = [Certificate.fromBER(exact(timestamps.root))];
    const theirs = pkijsSignedData(token);
    expect(await theirs.verify({ signer: 0, data: exact(signed.signature), trustedCerts, checkChain: true })).toBe(
      true,
    );

    const [tokenFile, dataFile] = [join(folder, 'token'), join(folder, 'signature')];
    await writeFile(tokenFile, token);
    await writeFile(dataFile, signed.signature);
    const args = ['ts', '-verify', '-token_in', '-in', tokenFile, '-data', dataFile, '-CAfile', timestamps.rootFile];
    expect((await runChild('openssl', args)).stdout).toContain('Verification: OK');
  });
});

test('a signature that openssl made is verified by us', async () => {
  const { key, certificate } = authority.codeSigning(makeTestKey('rsa-2048'));
  const files = { content: 'theirs', key: 'theirs.key', certificate: 'theirs.pem', signature: 'theirs.p7s' };
  const path = (name: string) => join(folder, name);
  await writeFile(path(files.content), file);
  await writeFile(path(files.key), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(path(files.certificate), pem('CERTIFICATE', certificate));
  const inputs = ['-in', path(files.content), '-signer', path(files.certificate), '-inkey', path(files.key)];
  const outputs = ['-outform', 'DER', '-out', path(files.signature)];
  await runChild('openssl', ['cms', '-sign', '-binary', '-md', 'sha256', ...inputs, ...outputs]);
  const beside = new Map([['.p7s', new Uint8Array(await readFile(path(files.signature)))]]);
  const verified = await cmsDetached.verify(bytesSource(file), besideReader({ beside }));
  expect(Buffer.from(verified?.signerCertificate ?? '').equals(certificate)).toBe(true);
});
