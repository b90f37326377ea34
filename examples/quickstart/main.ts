import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeArtifacts } from './artifacts.ts';
import { acceptForeign } from './foreign-tools.ts';
import { releaseJob } from './job.ts';
import { expectStatus, heading, say } from './output.ts';
import { prepare } from './prepare.ts';
import { runAction, type StepOutcome } from './runner.ts';
import { originsign, pinTrust } from './verify.ts';
import { startWorld, type World } from './world.ts';

const PLACE = fileURLToPath(new URL('../../.originsign/quickstart', import.meta.url));
const WORKSPACE = join(PLACE, 'workspace');

prepare((line) => say(`   ${line}`));
const started = Date.now();
await rm(PLACE, { recursive: true, force: true });
await mkdir(WORKSPACE, { recursive: true });

heading('A signer with a SoftHSM token, an issuer that plays GitHub, a timestamp authority: all on loopback');
const world = await startWorld(join(PLACE, 'signer'));
say(`   signer ${world.signer.url}, issuer ${world.issuer.url}`);
try {
  await showMainJob(world, await makeArtifacts(WORKSPACE));
} finally {
  await world.stop();
}
heading(`Done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
say(`   everything lies in ${PLACE}:`);
say('   workspace/signed     the signed files, receipt and provenance');
say('   trust.json           what a verifier pins');
say('   job-on-*/summary.md  what the job pages show');
say('   signer/              configuration, policies, token, database and log of the signer');

async function showMainJob(parts: World, names: readonly string[]): Promise<void> {
  heading('A job on tag v1.4.0 signs');
  const signed = await signStep(parts, names, 'job-on-tag', 'refs/tags/v1.4.0');
  expectStatus(signed, 0);
  say(signed.stdout.trimEnd());

  heading('The same job on a branch is denied');
  const refused = await signStep(parts, names, 'job-on-branch', 'refs/heads/main');
  expectStatus(refused, 3);
  say(refused.stdout.trimEnd());

  heading('Verified with our own verifier, offline');
  const trustPath = join(PLACE, 'trust.json');
  say(`   pinned ${await pinTrust(parts.signer, trustPath)}`);
  const outputs = names.map((name) => join(WORKSPACE, 'signed', basename(name)));
  const expected = ['--repository', 'https://github.com/acme/app', '--project', 'acme-app'];
  const verified = await originsign(['verify', ...outputs, '--trust', trustPath, ...expected, '--trial']);
  expectStatus(verified, 0);
  say(verified.stdout.trimEnd());

  heading('Verified with tools that are not ours');
  await acceptForeign(outputs, trustPath, PLACE);
}

function signStep({ issuer, signer }: World, names: readonly string[], job: string, ref: string): Promise<StepOutcome> {
  return runAction({
    directory: join(PLACE, job),
    workspace: WORKSPACE,
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
}
