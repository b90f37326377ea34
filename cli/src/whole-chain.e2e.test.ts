import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { startTimestampAuthority, type TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

const EXPECT = ['--repository', 'https://github.com/acme/app', '--project', 'acme-app', '--policy', 'release'];
let cli: CliBench;
let issuer: GithubIssuer;
let timestamps: TimestampAuthority;
let signer: Signer;

beforeAll(async () => {
  [cli, issuer, timestamps] = await Promise.all([createCliBench(), startGithubIssuer(), startTimestampAuthority()]);
  signer = await startSigner({
    policies: policies(issuer.url),
    timestampUrls: [timestamps.url],
    timestampRoots: timestamps.rootFile,
  });
  await cli.write({
    'dist/app.exe': await readFile(await windowsExecutable('clipboard')),
    'dist/app.tgz': 'an archive',
  });
});
afterAll(async () => {
  await signer.stop();
  await Promise.all([issuer.close(), timestamps.stop(), cli.close()]);
});

function policies(issuerUrl: string): Record<string, string> {
  return {
    'trusted-build-systems/github.yml': `{version: 1, id: github, type: github-actions, issuer: "${issuerUrl}", allowPrivateAddress: true}\n`,
    'projects/acme-app.yml': `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {authenticode-pe: trial-authenticode, cms-detached: trial-cms}
    allow:
      - id: tag-build
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}
        timestamp: required
`,
  };
}

function sign(ref: string, ...words: readonly string[]) {
  const workflow = `acme/app/.github/workflows/release.yml@${ref}`;
  const job = issuer.startJob({ ref, workflow_ref: workflow, job_workflow_ref: workflow });
  return cli.run(
    [
      'sign',
      '--project',
      'acme-app',
      '--policy',
      'release',
      '--format',
      'auto,cms-detached',
      '-o',
      'signed',
      'dist/*',
      ...words,
    ],
    { GITHUB_ACTIONS: 'true', ORIGINSIGN_SERVER: signer.url, NODE_EXTRA_CA_CERTS: signer.caPath, ...job.environment },
  );
}

describe('from a job to a verified file, against a real signer', () => {
  test('a job on a branch is told which condition failed', async () => {
    const { status, stderr } = await sign('refs/heads/main');
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /error: denied by acme-app\/release \[policy\.denied\]\n {2}rule tag-build: 1 of \d+ conditions failed/,
    );
    expect(stderr).toMatch(/github\.ref +expected glob refs\/tags\/v\* +actual refs\/heads\/main/);
  });

  test('a job on a tag signs', async () => {
    const { status, stdout, stderr } = await sign('refs/tags/v1.4.0');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^signed {4}signed\/app\.exe {2}authenticode-pe {2}key trial-authenticode {2}timestamp /m);
    expect(stdout).toMatch(/^signed {4}signed\/app\.tgz\.p7s {2}cms-detached {2}key trial-cms {2}timestamp /m);
  });

  test('the fingerprint that the host prints gets the trust file, and no other does', async () => {
    const { stdout } = await signer.command('trust', 'export');
    const fingerprint = /SHA256:[\w-]{43}/.exec(stdout)?.[0] ?? '';
    const words = ['trust', 'export', '--server', signer.url, '--ca-file', signer.caPath ?? '', '-o', 'trust.json'];
    const wrong = `SHA256:${'A'.repeat(43)}`;
    expect(await cli.run([...words, '--fingerprint', wrong])).toMatchObject({ status: 1 });
    expect(await cli.run([...words, '--fingerprint', fingerprint])).toMatchObject({ status: 0 });
    const updated = await cli.run(['trust', 'update', '--trust', 'trust.json', '--ca-file', signer.caPath ?? '']);
    expect(updated).toMatchObject({ status: 0, stdout: expect.stringMatching(/^current {3}/) as string });
  });

  test('both files verify offline, and not without --trial', async () => {
    const words = ['verify', 'signed/*', '--trust', 'trust.json', ...EXPECT, '--ref', 'refs/tags/v*'];
    const { status, stdout } = await cli.run([...words, '--trial']);
    expect(status).toBe(0);
    expect(stdout.match(/^verified {2}/gm)).toHaveLength(2);
    expect(stdout).toMatch(/claimed {5}sha256 [0-9a-f]{64} before signing \(unchecked\)/);
    const refused = await cli.run(words);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/\[verify\.trial\]/) as string });
  });

  test('the log agrees with the receipt, over HTTP and in an export with its entries', async () => {
    const { stdout } = await cli.run([
      'verify',
      'signed/app.exe',
      '--trust',
      'trust.json',
      ...EXPECT,
      '--trial',
      '--json',
    ]);
    const { files } = JSON.parse(stdout) as { files: { requestId: string }[] };
    const receipt = `signed/originsign-${files[0]?.requestId.slice(0, 12) ?? ''}.tlog-proof`;
    const words = ['log', 'verify', '--trust', 'trust.json', '--receipt', receipt];
    expect(await cli.run([...words, '--ca-file', signer.caPath ?? ''])).toMatchObject({ status: 0 });
    await signer.halt();
    const exported = await signer.command('log', 'export', join(cli.folder, 'log'));
    expect(exported.status).toBe(0);
    const whole = await cli.run([...words, '--directory', 'log']);
    expect(whole).toMatchObject({ status: 0, stdout: expect.stringMatching(/RESULT 1\b/) as string });
  });
});
