import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { startTimestampAuthority, type TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { ensureTools } from '@originsign/testkit/tools';
import {
  WINDOWS_EXECUTABLES,
  windowsExecutable,
  type WindowsExecutableName,
} from '@originsign/testkit/windows-executables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '../../x509/certificate.ts';
import { verifyChain } from '../../x509/chain.ts';
import { parseSignedData } from '../../x509/cms-parse.ts';
import { Oid } from '../../x509/oids.ts';
import { verifyTimestampToken } from '../../x509/timestamp-token.ts';
import { bytesSource } from '../bytes-source.ts';
import { nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { authenticodePe } from './authenticode-pe.ts';
import { readPeLayout } from './layout.ts';

const NAMES = Object.keys(WINDOWS_EXECUTABLES) as WindowsExecutableName[];
const authority = makeTestAuthority(makeTestKey('rsa-3072'));
const publisher = authority.codeSigning(makeTestKey('rsa-3072'));

let folder = '';
let timestamps: TimestampAuthority;

beforeAll(async () => {
  ensureTools(['osslsigncode', 'openssl', 'sbverify']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-pe-'));
  await writeFile(join(folder, 'root.pem'), pem('CERTIFICATE', authority.certificate));
  await writeFile(join(folder, 'publisher.pem'), pem('CERTIFICATE', publisher.certificate));
  timestamps = await startTimestampAuthority();
});

afterAll(async () => {
  await timestamps.stop();
  await rm(folder, { recursive: true, force: true });
});

async function osslsigncode(file: Uint8Array, ...args: readonly string[]) {
  const path = join(folder, 'signed.exe');
  await writeFile(path, file);
  return runChild('osslsigncode', ['verify', '-CAfile', join(folder, 'root.pem'), ...args, '-in', path]);
}

/** The bytes that no signature may touch: all but checksum, directory entry, padding and table. */
async function untouched(file: Uint8Array): Promise<Buffer> {
  const { checksum, securityEntry, dataEnd } = await readPeLayout(bytesSource(file));
  const copy = Buffer.from(file.subarray(0, dataEnd));
  copy.fill(0, checksum, checksum + 4);
  copy.fill(0, securityEntry, securityEntry + 8);
  return copy;
}

describe.each(NAMES)('%s', (name) => {
  test(`${WINDOWS_EXECUTABLES[name].traits}: accepted by osslsigncode with the same digest, no other byte changed`, async () => {
    const original = await readFile(await windowsExecutable(name));
    const signed = await signFile(authenticodePe, original, publisher, {
      context: { programName: 'Acme Zürich', programUrl: 'https://acme.example/' },
    });
    const { status, stdout } = await osslsigncode(signed.bytes);
    expect(stdout).toContain('Signature verification: ok');
    expect(status).toBe(0);
    expect(/Calculated message digest\s*: ([0-9A-F]+)/.exec(stdout)?.[1]?.toLowerCase()).toBe(signed.coveredDigest);
    expect(/Calculated PE checksum\s*: ([0-9A-F]+)/.exec(stdout)?.[1]).toBe(
      /Current PE checksum\s*: ([0-9A-F]+)/.exec(stdout)?.[1],
    );
    const [before, after] = [await untouched(original), await untouched(signed.bytes)];
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.subarray(before.length).every((octet) => octet === 0)).toBe(true);
    expect(after.length - before.length).toBeLessThan(8);
    const verified = await authenticodePe.verify(bytesSource(signed.bytes), nothingBeside);
    expect(verified?.coveredDigest.value).toBe(signed.coveredDigest);
  });
});

test('a timestamp of an openssl authority is accepted by osslsigncode, by openssl and by us', async () => {
  const original = await readFile(await windowsExecutable('clipboard'));
  const signed = await signFile(authenticodePe, original, publisher, { timestamps });
  const { status, stdout } = await osslsigncode(signed.bytes, '-TSA-CAfile', timestamps.rootFile);
  expect(stdout).toContain('Timestamp Server Signature verification: ok');
  expect(stdout).toContain('Signature verification: ok');
  expect(status).toBe(0);

  const verified = await authenticodePe.verify(bytesSource(signed.bytes), nothingBeside);
  const token = verified?.timestampToken ?? new Uint8Array();
  expect(verifyTimestampToken(token, signed.signature, [timestamps.root]).authority).toContain('CN=Test Timestamps');
  const [tokenFile, dataFile] = [join(folder, 'token.der'), join(folder, 'signature.bin')];
  await writeFile(tokenFile, token);
  await writeFile(dataFile, signed.signature);
  const args = ['ts', '-verify', '-token_in', '-in', tokenFile, '-data', dataFile, '-CAfile', timestamps.rootFile];
  expect((await runChild('openssl', args)).stdout).toContain('Verification: OK');
});

test('a P-256 publisher is accepted by osslsigncode', async () => {
  const elliptic = authority.codeSigning(makeTestKey('p-256'));
  const original = await readFile(await windowsExecutable('7za-ia32'));
  const signed = await signFile(authenticodePe, original, elliptic);
  expect((await osslsigncode(signed.bytes)).stdout).toContain('Signature verification: ok');
});

test('sbverify accepts the signature as firmware would', async () => {
  const original = await readFile(await windowsExecutable('rcedit'));
  const signed = await signFile(authenticodePe, original, publisher);
  const path = join(folder, 'signed.efi');
  await writeFile(path, signed.bytes);
  const { stdout, stderr } = await runChild('sbverify', ['--cert', join(folder, 'publisher.pem'), path]);
  expect(`${stdout}${stderr}`).toContain('Signature verification OK');
});

test('the signature of another maker is read, and its chains verify at the time of its timestamp', async () => {
  const verified = await authenticodePe.verify(
    bytesSource(await readFile(await windowsExecutable('snoretoast'))),
    nothingBeside,
  );
  const { signerCertificate, certificates, timestampToken, signature } = verified ?? never();
  expect(parseCertificate(signerCertificate ?? never()).subjectText).toBe(
    'CN=K Desktop Environment e.V.,O=K Desktop Environment e.V.,L=Berlin,C=DE',
  );
  const roots = (all: readonly Uint8Array[]) =>
    all.filter((der) => parseCertificate(der).basicConstraints?.isAuthority);
  const token = timestampToken ?? never();
  const { time, authority: name } = verifyTimestampToken(token, signature, roots(parseSignedData(token).certificates));
  expect(time.toISOString()).toBe('2019-09-09T16:20:53.000Z');
  expect(name).toBe('CN=DigiCert SHA2 Timestamp Responder,O=DigiCert,C=US');
  const purpose = { at: time, extendedKeyUsage: Oid.codeSigning };
  expect(verifyChain(signerCertificate ?? never(), certificates, roots(certificates), purpose)).toHaveLength(2);
});

test('a signature with SHA-1 is not believed', async () => {
  const source = bytesSource(await readFile(await windowsExecutable('signtool')));
  await expect(authenticodePe.verify(source, nothingBeside)).rejects.toMatchObject({ code: 'format.unsupported' });
});

function never(): never {
  throw new Error('Something is missing in the signature.');
}

test('signing what is signed already replaces the signature and keeps the digest', async () => {
  const original = await readFile(await windowsExecutable('snoretoast'));
  const first = await signFile(authenticodePe, original, publisher);
  const second = await signFile(authenticodePe, first.bytes, publisher, { timestamps });
  expect(second.coveredDigest).toBe(first.coveredDigest);
  const { stdout } = await osslsigncode(second.bytes);
  expect(stdout).toContain('Signature verification: ok');
  expect(stdout).not.toContain('KDE');
  expect(stdout).not.toContain('Signature Index: 1');
});

test('a changed byte is refused by osslsigncode and by us', async () => {
  const original = await readFile(await windowsExecutable('rcedit'));
  const { bytes } = await signFile(authenticodePe, original, publisher);
  const changed = Uint8Array.from(bytes);
  changed[5000] = (changed[5000] ?? 0) ^ 1;
  expect((await osslsigncode(changed)).status).not.toBe(0);
  await expect(authenticodePe.verify(bytesSource(changed), nothingBeside)).rejects.toMatchObject({
    code: 'verify.digest',
  });
});
