import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGithubIssuer } from '@originsign/testkit/github-issuer';
import { runChild } from '@originsign/testkit/child';
import { startSigner } from '@originsign/testkit/signer';
import { startTimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { makeArtifacts } from './artifacts.ts';
import { releaseJob } from './job.ts';
import { prepare } from './prepare.ts';
import { runAction, type StepOutcome } from './runner.ts';
import { originsign, pinTrust, writeRoots } from './verify.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PLACE = resolve(HERE, '../../.originsign/quickstart');

const say = (text = ''): void => console.log(text);
const heading = (text: string): void => say(`\n== ${text}`);

/** Ends the example with what went wrong where a step did not do what it is there to show. */
function expectStatus(outcome: { status: number | null; stdout: string; stderr: string }, status: number): void {
  if (outcome.status !== status) throw new Error(`Expected exit status ${status}:\n${outcome.stdout}${outcome.stderr}`);
}

async function main(): Promise<void> {
  prepare((line) => say(`   ${line}`));
  const started = Date.now();
  await rm(PLACE, { recursive: true, force: true });
  const workspace = join(PLACE, 'workspace');
  await mkdir(workspace, { recursive: true });

  heading('A signer with a SoftHSM token, an issuer that plays GitHub, a timestamp authority: all on loopback');
  const issuer = await startGithubIssuer();
  const timestamps = await startTimestampAuthority();
  const signer = await startSigner({
    directory: join(PLACE, 'signer'),
    policies: await policies(issuer.url),
    timestampUrls: [timestamps.url],
    timestampRoots: timestamps.rootFile,
  });
  say(`   signer ${signer.url}, issuer ${issuer.url}`);
  try {
    const names = await makeArtifacts(workspace);
    await cp(workspace, join(PLACE, 'unsigned'), { recursive: true });
    const step = (job: string, ref: string): Promise<StepOutcome> =>
      runAction({
        directory: join(PLACE, job),
        workspace,
        inputs: {
          server: signer.url,
          project: 'acme-app',
          policy: 'release',
          files: names.join('\n'),
          format: 'auto,cms-detached',
          'output-directory': 'signed',
          'ca-file': signer.caPath ?? '',
        },
        environment: issuer.startJob(releaseJob(ref)).environment,
      });

    heading('A job on tag v1.4.0 signs');
    const signed = await step('job-on-tag', 'refs/tags/v1.4.0');
    expectStatus(signed, 0);
    say(signed.stdout.trimEnd());

    heading('The same job on a branch is denied');
    const refused = await step('job-on-branch', 'refs/heads/main');
    expectStatus(refused, 3);
    say(refused.stdout.trimEnd());

    heading('Verified with our own verifier, offline');
    const trustPath = join(PLACE, 'trust.json');
    say(`   pinned ${await pinTrust(signer, trustPath)}`);
    const outputs = names.map((name) => join(workspace, 'signed', basename(name)));
    const expected = ['--repository', 'https://github.com/acme/app', '--project', 'acme-app'];
    const verified = await originsign(['verify', ...outputs, '--trust', trustPath, ...expected, '--trial']);
    expectStatus(verified, 0);
    say(verified.stdout.trimEnd());

    heading('Verified with tools that are not ours');
    await foreignVerification(outputs, trustPath, join(workspace));

    heading(`Done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    say(`   everything lies in ${PLACE}:`);
    say('   workspace/signed   the signed files, receipt and provenance');
    say('   trust.json         what a verifier pins');
    say('   job-on-*/summary.md  what the job pages show');
    say('   signer/            configuration, policies, token, database and log of the signer');
  } finally {
    await signer.stop();
    await timestamps.stop();
    await issuer.close();
  }
}

async function policies(issuerUrl: string): Promise<Record<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(HERE, 'policies', path), 'utf8');
  return {
    'trusted-build-systems/github.yml': (await read('trusted-build-systems/github.yml')).replace(
      '${ISSUER}',
      issuerUrl,
    ),
    'projects/acme-app.yml': await read('projects/acme-app.yml'),
  };
}

/** osslsigncode for the executable, openssl for the detached signature. */
async function foreignVerification(outputs: readonly string[], trustPath: string, unsigned: string): Promise<void> {
  const roots = await writeRoots(trustPath, PLACE);
  for (const output of outputs) {
    const [program, args] = output.endsWith('.exe')
      ? ['osslsigncode', ['verify', '-CAfile', roots.signing, '-TSA-CAfile', roots.timestamps, '-in', output]]
      : ['openssl', opensslArguments(output, roots.signing)];
    const outcome = await runChild(program, args, { cwd: unsigned });
    expectStatus(outcome, 0);
    say(`   ${program} accepts ${output.slice(output.lastIndexOf('/') + 1)}`);
  }
}

function opensslArguments(output: string, roots: string): string[] {
  const signature = ['-inform', 'DER', '-in', `${output}.p7s`, '-content', output, '-binary'];
  return ['cms', '-verify', ...signature, '-CAfile', roots, '-purpose', 'any', '-out', '/dev/null'];
}

await main();
