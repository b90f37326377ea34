import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { shortRequestId } from '@originsign/core/attestation/request-id';
import { TestSigner, type SignedSet } from '@originsign/testkit/test-signer';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

const TIME = new Date('2026-11-22T09:14:03Z');
const EXPECT = ['--trust', 'trust.json', '--repository', 'https://github.com/acme/app', '--project', 'acme-app'];
const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml';
const signer = new TestSigner();
let cli: CliBench;
let app: SignedSet;

beforeAll(async () => {
  cli = await createCliBench();
  const options = { format: 'cms-detached', time: TIME };
  app = await signer.sign('app.tgz', utf8('the app'), options);
  await cli.write({
    'trust.json': JSON.stringify(signer.trust()),
    'trial.json': JSON.stringify({ ...signer.trust(), trial: true }),
    ...folderOf('signed', 'app.tgz', app),
    ...folderOf('signed', 'other.tgz', await signer.sign('other.tgz', utf8('another'), options)),
    ...folderOf('changed', 'app.tgz', { ...app, file: utf8('the apq') }),
    'unproven/app.tgz': app.file,
    'unproven/app.tgz.p7s': app.beside.get('.p7s') ?? '',
    'proofs/receipt': app.receipt,
    'proofs/provenance': app.provenance,
  });
});
afterAll(() => cli.close());

function folderOf(folder: string, name: string, set: SignedSet): Record<string, Uint8Array> {
  const stem = `${folder}/originsign-${shortRequestId(set.requestId)}`;
  const beside = [...set.beside].map(([extension, bytes]) => [`${folder}/${name}${extension}`, bytes] as const);
  return {
    [`${folder}/${name}`]: set.file,
    ...Object.fromEntries<Uint8Array>(beside),
    [`${stem}.tlog-proof`]: set.receipt,
    [`${stem}.provenance.sigstore.json`]: set.provenance,
  };
}

describe('originsign verify', () => {
  test('shows where a verified file came from', async () => {
    expect(await cli.run(['verify', 'signed/app.tgz', ...EXPECT, '--ref', 'refs/tags/v*'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `verified  signed/app.tgz  cms-detached
  covered     sha256 ${app.digested.coveredDigest.value}
  signer      CN=Acme\\, Inc.,O=OriginSign Test
  timestamp   2026-11-22 09:14:03Z
  origin      github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)
  workflow    https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.0
  policy      acme-app/release
  request     ${shortRequestId(app.requestId)}
  log         entry 2 of sign.acme.example/log, 2026-11-22 09:14:03Z
  checks      trust signature timestamp receipt signer record provenance binding repository project ref
`,
    });
  });

  test('finds the fitting proofs for each of several files and passes over signatures beside them', async () => {
    const { status, stdout } = await cli.run(['verify', 'signed/*', ...EXPECT, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verified: true,
      files: [
        { path: 'DIR/signed/app.tgz', verified: true, requestId: app.requestId },
        { path: 'DIR/signed/other.tgz', verified: true },
      ],
    });
  });

  test('lists every check of a file that was changed', async () => {
    const ran = await cli.run(['verify', 'changed/app.tgz', ...EXPECT]);
    expect(ran).toEqual({
      status: 1,
      stdout: `failed    changed/app.tgz
  ok        trust
  failed    signature    The signature is genuine, but for other content. [verify.digest]
  skipped   timestamp    not checked, because a check before it failed
  ok        receipt
  skipped   signer       not checked, because a check before it failed
  skipped   record       not checked, because a check before it failed
  ok        provenance
  skipped   binding      not checked, because a check before it failed
  ok        repository
  ok        project
`,
      stderr: `error: The file did not verify [verify.digest]
hint: something changed it afterwards: take it again from where it was signed
see:  https://sign.acme.example/errors/verify.digest
`,
    });
  });

  test('fails where receipt and provenance are missing, and takes them where they are named', async () => {
    const bare = await cli.run(['verify', 'unproven/app.tgz', ...EXPECT]);
    expect(bare.status).toBe(1);
    expect(bare.stdout).toMatch(/failed {4}receipt .*\[verify\.receipt_missing\]/);
    expect(bare.stdout).toMatch(/failed {4}provenance .*\[verify\.provenance_missing\]/);
    expect(bare.stderr).toMatch(/^hint: keep originsign-\*\.tlog-proof beside the file/m);
    const named = ['--receipt', 'proofs/receipt', '--provenance', 'proofs/provenance'];
    expect(await cli.run(['verify', 'unproven/app.tgz', ...EXPECT, ...named])).toMatchObject({ status: 0 });
  });

  test('names the code of the first file of several that failed', async () => {
    const { status, stderr } = await cli.run(['verify', 'signed/app.tgz', 'unproven/app.tgz', ...EXPECT]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: 1 of 2 files did not verify \[verify.receipt_missing\]$/m);
  });

  test('refuses a trial store unless it is asked for', async () => {
    const words = ['verify', 'signed/app.tgz', ...EXPECT.map((word) => word.replace('trust.json', 'trial.json'))];
    const refused = await cli.run(words);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /\[verify.trial\]\nhint: give --trial, or the input trial, if that is what you mean$/m,
    );
    expect(await cli.run([...words, '--trial'])).toMatchObject({ status: 0 });
  });

  test.each([
    [['--repository', 'https://github.com/evil/app'], 'verify.expectation'],
    [['--project', 'acme'], 'verify.expectation'],
    [['--policy', 'test'], 'verify.expectation'],
    [['--workflow', '.github/workflows/test.yml'], 'verify.expectation'],
    [['--builder', 'https://github.com/acme/app/.github/workflows/*@refs/heads/**'], 'verify.expectation'],
  ])('refuses what was not expected: %j', async (words, code) => {
    const { status, stderr } = await cli.run(['verify', 'signed/app.tgz', ...EXPECT, ...words]);
    expect({ status, code: /\[(.*)\]/.exec(stderr)?.[1] }).toEqual({ status: 1, code });
  });

  test('verifies a folder, says what it skipped, and refuses what is unsigned where all has to be signed', async () => {
    await cli.write({
      ...folderOf('tree', 'app.tgz', app),
      'tree/readme.txt': 'read me',
      'tree/bin/tool.exe': await readFile(await windowsExecutable('clipboard')),
    });
    const lax = await cli.run(['verify', 'tree', '--recursive', ...EXPECT, '--builder', `${WORKFLOW}@refs/tags/v*`]);
    expect(lax).toMatchObject({ status: 0, stderr: '' });
    expect(lax.stdout.replace(/^ .*\n/gm, '')).toBe(`verified  tree/app.tgz  cms-detached
skipped   tree/bin/tool.exe  unsigned, could be signed as authenticode-pe
skipped   tree/readme.txt  no signature, and of no format that holds one
`);
    const strict = await cli.run(['verify', 'tree', '--recursive', '--require-signed', ...EXPECT, '--json']);
    expect(strict.status).toBe(1);
    expect(strict.stderr).toMatch(/^error: 1 of 2 files did not verify \[verify.unsigned\]$/m);
    expect(JSON.parse(strict.stdout)).toMatchObject({
      verified: false,
      files: [{ verified: true }, { path: 'DIR/tree/bin/tool.exe', verified: false }],
      skipped: [{ path: 'DIR/tree/readme.txt' }],
    });
  });

  test('does not pass over a link, nor over a pattern that matches nothing in silence', async () => {
    await symlink('app.tgz', join(cli.folder, 'signed', 'link.tgz'));
    const { status, stderr } = await cli.run(['verify', 'signed/*.tgz', ...EXPECT]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: "signed\/link.tgz" is a symbolic link and was not verified \[input.file\]$/m);
    const excluded = await cli.run(['verify', 'signed/*.tgz', 'signed/*.zip', '!signed/link.tgz', ...EXPECT]);
    expect(excluded).toMatchObject({ status: 0, stderr: 'warning   The pattern "signed/*.zip" matches no file.\n' });
  });

  test.each([
    [['verify', 'no.tgz', ...EXPECT], 'input.no_files'],
    [['verify', 'signed/app.tgz', ...EXPECT, '--trust', 'no.json'], 'input.file'],
    [['verify', 'signed/app.tgz', ...EXPECT, '--trust', 'signed/app.tgz'], 'json.malformed'],
    [['verify', 'signed/app.tgz', ...EXPECT, '--receipt', 'no'], 'input.file'],
    [['verify', 'signed/app.tgz', ...EXPECT, '--ref', '[v]'], 'input.invalid'],
    [['verify', 'signed/app.tgz', ...EXPECT, '--format', 'tar'], 'format.unknown'],
  ])('%j is an input error', async (words, code) => {
    const { status, stdout, stderr } = await cli.run(words);
    expect({ status, stdout, code: /\[([a-z_.]*)\]$/m.exec(stderr)?.[1] }).toEqual({ status: 2, stdout: '', code });
  });
});
