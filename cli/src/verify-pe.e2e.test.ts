import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { TestSigner, type SignedSet } from '@originsign/testkit/test-signer';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

const EXPECT = ['--trust', 'trust.json', '--repository', 'https://github.com/acme/app', '--project', 'acme-app'];
const PROOFS = ['--receipt', 'receipt', '--provenance', 'provenance'];
const signer = new TestSigner();
let cli: CliBench;
let unsigned: Uint8Array;
let set: SignedSet;

beforeAll(async () => {
  cli = await createCliBench();
  unsigned = new Uint8Array(await readFile(await windowsExecutable('clipboard')));
  set = await signer.sign('app.exe', unsigned, { format: 'authenticode-pe', time: new Date('2026-11-22T09:14:03Z') });
  await cli.write({
    'app.exe': set.file,
    'unsigned.exe': unsigned,
    'changed.exe': set.file.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)),
    receipt: set.receipt,
    provenance: set.provenance,
    'trust.json': JSON.stringify(signer.trust()),
  });
});
afterAll(() => cli.close());

describe('originsign verify of a Windows program', () => {
  test('shows the digest of the image as covered and the one of the file as claimed and unchecked', async () => {
    const { status, stdout } = await cli.run(['verify', 'app.exe', ...EXPECT, ...PROOFS]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^verified {2}app\.exe {2}authenticode-pe$/m);
    expect(stdout).toContain(`  covered     authenticodeSha256 ${set.digested.coveredDigest.value}\n`);
    expect(stdout).toContain(`  claimed     sha256 ${sha256Hex(unsigned)} before signing (unchecked)\n`);
    expect(set.digested.coveredDigest.value).not.toBe(sha256Hex(unsigned));
  });

  test.each([
    ['unsigned.exe', 'verify.unsigned'],
    ['changed.exe', 'verify.digest'],
  ])('refuses %s', async (file, code) => {
    const { status, stderr } = await cli.run(['verify', file, ...EXPECT, ...PROOFS]);
    expect({ status, code: /\[([a-z_.]+)\]$/m.exec(stderr)?.[1] }).toEqual({ status: 1, code });
  });
});
