import { createPublicKey } from 'node:crypto';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTrustFile } from '@originsign/core/protocol/trust-file';
import { exportTrust, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { createRunner, type Runner, type StepOutcome } from '../../sign/src/runner.test.fixture.ts';

const PROGRAM = await windowsExecutable('clipboard');
let world: SigningWorld;
let runner: Runner;

beforeAll(async () => {
  [world, runner] = await Promise.all([startSigningWorld(), createRunner('verify')]);
  await exportTrust(world.signer, join(runner.workspace, 'trust.json'));
  const signing = await createRunner();
  await signing.write('dist/bin/app.exe', await readFile(PROGRAM));
  await signing.write('dist/app.tgz', 'an archive');
  const inputs = {
    server: world.signer.url,
    project: 'acme-app',
    policy: 'release',
    files: 'dist/**',
    format: 'auto,cms-detached',
    'output-directory': 'signed',
    'ca-file': world.signer.caPath ?? '',
  };
  const { status, log } = await signing.run(inputs, world.issuer.startJob().environment);
  if (status !== 0) throw new Error(log);
  await cp(join(signing.workspace, 'signed'), join(runner.workspace, 'signed'), { recursive: true });
  await signing.remove();
  await world.signer.halt();
});
afterAll(async () => {
  await Promise.all([runner.remove(), world.stop()]);
});

const INPUTS = {
  files: 'signed',
  trust: 'trust.json',
  repository: 'https://github.com/acme/app',
  project: 'acme-app',
  ref: 'refs/tags/v*',
  builder: 'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v*',
  recursive: 'true',
  'require-signed': 'true',
  trial: 'true',
};

/** Runs the step, and puts words in place of what differs from run to run. */
async function verify(change: Readonly<Record<string, string>> = {}): Promise<StepOutcome> {
  const outcome = await runner.run({ ...INPUTS, ...change }, {});
  const stable = (text: string): string =>
    text
      .replaceAll(world.signer.url, 'SERVER')
      .replaceAll(new URL(world.signer.url).host, 'HOST')
      .replace(/[0-9a-f]{64}/g, 'DIGEST')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME')
      .replace(/entry \d+/g, 'entry N')
      .replace(/^( {2}request {5}).*$/gm, '$1ID');
  const shown = outcome.summary.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
  return { ...outcome, log: stable(outcome.log), summary: stable(shown) };
}

/** The text of every error annotation, with the line breaks that people see. */
function annotations({ log }: StepOutcome): readonly string[] {
  return [...log.matchAll(/^::error (.*)$/gm)].map(([, text = '']) =>
    text.replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ','),
  );
}

const CHECKS = 'trust signature timestamp receipt signer record provenance binding repository project ref builder';

/** Another implementation, with the provenance key that the trust file names. */
async function foreignVerifier(): Promise<Verifier> {
  const trust = parseTrustFile(await readFile(join(runner.workspace, 'trust.json')));
  const key = Buffer.from(trust.provenanceKeys[0]?.spki ?? '', 'base64');
  const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
  const material = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
  return new Verifier(
    { ...material, publicKey: () => ({ publicKey, validFor: () => true }) },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
}

describe('provenance of the server', () => {
  it('is accepted by another implementation, and refused with one letter changed', async () => {
    const names = await readdir(join(runner.workspace, 'signed'));
    const name = names.find((file) => file.endsWith('.provenance.sigstore.json')) ?? '';
    const text = await readFile(join(runner.workspace, 'signed', name), 'utf8');
    const verifier = await foreignVerifier();
    const accept = (json: string) => verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(json))));
    expect(() => accept(text)).not.toThrow();
    const changed = text.replace(/(?<="payload":")[^"]+/, (payload) =>
      Buffer.from(Buffer.from(payload, 'base64').toString().replace('acme-app', 'acme-apq')).toString('base64'),
    );
    expect(() => accept(changed)).toThrow(/signature verification failed/);
  });
});

describe('the bundled verify action, with the signer switched off', () => {
  it('shows where every file of a folder came from', async () => {
    const outcome = await verify();
    expect(outcome.log).toBe(GOOD_LOG);
    expect(outcome).toMatchObject({ status: 0, outputs: { verified: 'true' } });
    const files = JSON.parse(outcome.outputs['files'] ?? '') as Readonly<Record<string, unknown>>[];
    expect(files.map(({ path, verified, format, ref }) => [path, verified, format, ref])).toEqual([
      ['signed/app.tgz', true, 'cms-detached', 'refs/tags/v1.4.0'],
      ['signed/bin/app.exe', true, 'authenticode-pe', 'refs/tags/v1.4.0'],
    ]);
    const report: unknown = JSON.parse(await readFile(outcome.outputs['report'] ?? '', 'utf8'));
    expect(report).toMatchObject({ verified: true, files: [{ requestId: files[0]?.['requestId'] }, {}] });
    expect(outcome.summary).toBe(GOOD_SUMMARY);
  });

  it('fails with one annotation for each file that does not verify, and shows every check of it', async () => {
    await cp(join(runner.workspace, 'signed'), join(runner.workspace, 'bad'), { recursive: true });
    await runner.write('bad/bin/tool.exe', await readFile(PROGRAM));
    await runner.write('bad/app.tgz', 'another archive');
    const outcome = await verify({ files: 'bad' });
    expect(outcome).toMatchObject({ status: 1, outputs: { verified: 'false' } });
    expect(annotations(outcome)).toEqual(BAD_ANNOTATIONS);
    expect(JSON.parse(outcome.outputs['files'] ?? '')).toMatchObject([
      { path: 'bad/app.tgz', verified: false, code: 'verify.digest' },
      { path: 'bad/bin/app.exe', verified: true },
      { path: 'bad/bin/tool.exe', verified: false, code: 'verify.unsigned' },
    ]);
    expect(outcome.summary).toBe(BAD_SUMMARY);
  });

  it('fails where the proofs were left behind', async () => {
    await cp(join(runner.workspace, 'signed/bin'), join(runner.workspace, 'bare'), { recursive: true });
    const outcome = await verify({ files: 'bare/app.exe' });
    expect(outcome.status).toBe(1);
    expect(annotations(outcome)).toEqual([
      `title=OriginSign: bare/app.exe not verified::error: There is no receipt for the file [verify.receipt_missing]
hint: keep originsign-*.tlog-proof beside the file, or give its path
see:  SERVER/errors/verify.receipt_missing`,
    ]);
    await rm(join(runner.workspace, 'bare'), { recursive: true });
  });

  it.each([
    [{ project: 'other' }, 1, 'The project is acme-app, expected other [verify.expectation]'],
    [{ builder: 'https://github.com/evil/**' }, 1, 'expected https://github.com/evil/** [verify.expectation]'],
    [{ trial: 'false' }, 1, 'of a trial store, whose keys prove nothing [verify.trial]'],
    [{ trust: 'other.json' }, 2, 'There is no file "WORKSPACE/other.json" [input.file]'],
    [{ repository: '' }, 2, 'The input repository is missing [input.missing]'],
    [{ recursive: 'maybe' }, 2, 'hint: recursive takes true or false'],
    [{ files: 'dist' }, 2, 'The file "dist" does not exist [input.no_files]'],
  ])('ends on %j with status %i and says: %s', async (change, status, said) => {
    const outcome = await verify(change);
    expect(outcome).toMatchObject({ status, outputs: { verified: 'false' } });
    expect(annotations(outcome).join('\n').replaceAll(runner.workspace, 'WORKSPACE')).toContain(said);
    expect(outcome.summary).toMatch(/^### OriginSign: (?:not verified|2 of 2 files did not verify)$/m);
  });
});

const facts = (name: string): string => `  signer      CN=Trial ${name},O=OriginSign Trial - not for release
  timestamp   TIME
  origin      github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)
  workflow    https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.0
  policy      acme-app/release
  request     ID
  log         entry N of localhost:1/trial, TIME
  checks      ${CHECKS}
`;

const GOOD_LOG = `verified  signed/app.tgz  cms-detached
  covered     sha256 DIGEST
${facts('trial-cms')}verified  signed/bin/app.exe  authenticode-pe
  covered     authenticodeSha256 DIGEST
  claimed     sha256 DIGEST before signing (unchecked)
${facts('trial-authenticode')}`;
const ORIGIN = 'github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)';
const EXPECTED = `Expected repository <code>https://github.com/acme/app</code>, project <code>acme-app</code>, ref <code>refs/tags/v*</code>, builder <code>https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v*</code>`;
const signedBy = (name: string): string => `CN=Trial ${name},O=OriginSign Trial - not for release`;
const VERIFIED_PANEL = `<details><summary>What was verified</summary>

| Check | Result | Meaning |
| --- | --- | --- |
| trust | ok | the trust file is not of a trial store, unless that was asked for |
| signature | ok | the signature fits the content |
| timestamp | ok | a trusted authority says when it was made, or it has no timestamp |
| receipt | ok | the log has the signing |
| signer | ok | certificate or key is trusted, and counted at that time |
| record | ok | the log names this very signature |
| provenance | ok | the signing server says where it came from |
| binding | ok | file, log and provenance speak of one signing |
| repository | ok | it comes from the expected repository |
| project | ok | it was signed for the expected project |
| ref | ok | it was built from the expected ref |
| builder | ok | the expected workflow, pipeline or job defined the build |

</details>
`;

const GOOD_SUMMARY = `### OriginSign: 2 files verified

| File | Result | Origin | Signer | Timestamp |
| --- | --- | --- | --- | --- |
| <code>signed/app.tgz</code> | verified | ${ORIGIN} | ${signedBy('trial-cms')} | TIME |
| <code>signed/bin/app.exe</code> | verified | ${ORIGIN} | ${signedBy('trial-authenticode')} | TIME |

${EXPECTED}

${VERIFIED_PANEL}
`;
const BAD_ANNOTATIONS = [
  `title=OriginSign: bad/app.tgz not verified::error: The signature is genuine, but for other content [verify.digest]
hint: something changed it afterwards: take it again from where it was signed
see:  SERVER/errors/verify.digest`,
  `title=OriginSign: bad/bin/tool.exe not verified::error: The file carries no signature, nor is there one beside it [verify.unsigned]
hint: sign it, or leave it out with a pattern that begins with !
see:  SERVER/errors/verify.unsigned`,
];
const failedPanel = (
  file: string,
  code: string,
  why: string,
): string => `<details open><summary><code>${file}</code></summary>

| Check | Result | Meaning |
| --- | --- | --- |
| trust | ok | the trust file is not of a trial store, unless that was asked for |
| signature | failed <a href="SERVER/errors/${code}">${code}</a> | ${why} |
| timestamp | not checked | because a check before it failed |
| receipt | ok | the log has the signing |
| signer | not checked | because a check before it failed |
| record | not checked | because a check before it failed |
| provenance | ok | the signing server says where it came from |
| binding | not checked | because a check before it failed |
| repository | ok | it comes from the expected repository |
| project | ok | it was signed for the expected project |
| ref | ok | it was built from the expected ref |
| builder | ok | the expected workflow, pipeline or job defined the build |

</details>
`;

const BAD_SUMMARY = `### OriginSign: 2 of 3 files did not verify

| File | Result | Origin | Signer | Timestamp |
| --- | --- | --- | --- | --- |
| <code>bad/app.tgz</code> | failed <a href="SERVER/errors/verify.digest">verify.digest</a> | — | — | — |
| <code>bad/bin/tool.exe</code> | failed <a href="SERVER/errors/verify.unsigned">verify.unsigned</a> | — | — | — |
| <code>bad/bin/app.exe</code> | verified | ${ORIGIN} | ${signedBy('trial-authenticode')} | TIME |

${EXPECTED}

${failedPanel(
  'bad/app.tgz',
  'verify.digest',
  'The signature is genuine, but for other content.<br>**Hint:** something changed it afterwards: take it again from where it was signed',
)}
${failedPanel(
  'bad/bin/tool.exe',
  'verify.unsigned',
  'The file carries no signature, nor is there one beside it.<br>**Hint:** sign it, or leave it out with a pattern that begins with !',
)}
${VERIFIED_PANEL}
`;
