import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { exportTrust, originsign, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { REPOSITORY } from './bundle.ts';

/*
 * By hand: the example workflow release.yml, run by a runner that is not ours against a real signer. `ACT` names the program, else it
 * is looked for on the path; Go builds one with `go install github.com/nektos/act@latest`. It runs on this machine without
 * containers and without network: artifacts go through a folder. Build first: `npm run build`.
 */

const act = process.env['ACT'] ?? 'act';
const EXAMPLES = join(REPOSITORY, 'examples/github');
const ZEROS = '0'.repeat(40);
const TAG = 'refs/tags/v1.4.0';
/** In place of the actions that move artifacts: each folder is an artifact. */
const COPY = (from: string, to: string): string => `name: copy
description: Copies between the workspace and a folder that stands for the store of artifacts.
inputs: { name: { required: true }, path: { required: true } }
runs:
  using: composite
  steps:
    - run: mkdir -p "${to}" && cp -r "${from}/." "${to}"
      shell: bash
      env: { NAME: '\${{ inputs.name }}', PLACE: '\${{ inputs.path }}' }
`;

const folder = await mkdtemp(join(tmpdir(), 'originsign-act-'));
try {
  await run();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const version = await runChild(act, ['--version']).catch(() => undefined);
  if (version?.status !== 0) {
    console.log('act is not at hand\n0 passed, 0 failed, 3 skipped');
    return;
  }
  console.log(version.stdout.trim());
  const world = await startSigningWorld({ policies: await examplePolicies() });
  try {
    await writeRepository(world);
    const results = [await signsOnTag(world), await isDeniedUnreviewed(world), await verifies(world)];
    const failed = results.filter((passed) => !passed).length;
    console.log(`${results.length - failed} passed, ${failed} failed, 0 skipped`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await world.stop();
  }
}

/** The policies of the examples, with the keys of a trial signer. */
async function examplePolicies(): Promise<Record<string, string>> {
  const text = await readFile(join(EXAMPLES, 'policies/projects/reviewed-release.yml'), 'utf8');
  const keys = text
    .replace(/acme-cms-(?:2026|test)/g, 'trial-cms')
    .replace(/acme-(?:2026|test)/g, 'trial-authenticode')
    .replace(/^ {4}deny:\n(?: {6}.*\n)+/m, '');
  return { 'projects/reviewed-release.yml': keys.replace(/^tests:[^]*$/m, '') };
}

async function write(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** The repository of a product, our repository as far as its action needs it, and stand-ins for two actions of GitHub. */
async function writeRepository({ signer }: SigningWorld): Promise<void> {
  const workflow = await readFile(join(EXAMPLES, 'workflows/release.yml'), 'utf8');
  await write('app/.github/workflows/release.yml', workflow.replaceAll('https://sign.acme.example', signer.url));
  await write('app/Makefile', 'dist:\n\tmkdir -p dist && cp built/app.exe dist/\n.PHONY: dist\n');
  await write('app/built/app.exe', await readFile(await windowsExecutable('clipboard')));
  await write('push.json', JSON.stringify({ ref: TAG }));
  for (const name of ['action.yml', 'dist']) {
    await cp(join(REPOSITORY, 'actions/sign', name), join(folder, 'ours/actions/sign', name), { recursive: true });
  }
  await write('download/action.yml', COPY('$STORE/$NAME', '$PLACE'));
  await write('upload/action.yml', COPY('$PLACE', '$STORE/$NAME'));
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/app');
  await git('add', '.');
  await git('-c', 'user.name=a', '-c', 'user.email=a@acme.example', 'commit', '--quiet', '--message', 'a');
}

async function git(...words: readonly string[]): Promise<void> {
  const { status, stderr } = await runChild('git', words, { cwd: join(folder, 'app') });
  if (status !== 0) throw new Error(stderr);
}

/** Runs the job and those before it, as a job whose token says this. */
function runJob(world: SigningWorld, claims: Readonly<Record<string, string>>): Promise<Outcome> {
  const { environment } = world.issuer.startJob({ ...claims, run_id: String(Date.now()) });
  const variables = { ...environment, NODE_EXTRA_CA_CERTS: world.signer.caPath ?? '', STORE: join(folder, 'store') };
  const local = [
    [`originsign/originsign@${ZEROS}`, 'ours'],
    [`actions/download-artifact@${ZEROS}`, 'download'],
    [`actions/upload-artifact@${ZEROS}`, 'upload'],
  ] as const;
  const words = [
    ...['push', '--job', 'sign', '--pull=false', '--eventpath', join(folder, 'push.json')],
    ...['-P', 'ubuntu-24.04=-self-hosted', '-P', 'windows-2025=-self-hosted'],
    ...local.flatMap(([name, place]) => ['--local-repository', `${name}=${join(folder, place)}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  return runChild(act, words, { cwd: join(folder, 'app') });
}

function report(what: string, passed: boolean, { stdout, stderr }: Outcome): boolean {
  console.log(`${passed ? 'passed' : 'failed'}  ${what}`);
  if (!passed || process.env['VERBOSE'] === '1') console.log(`${stdout}${stderr}`.replace(/^/gm, '    '));
  return passed;
}

async function isDeniedUnreviewed(world: SigningWorld): Promise<boolean> {
  const outcome = await runJob(world, {});
  const said = /rule reviewed-tag: 1 of \d+ conditions failed/.test(outcome.stdout);
  return report('a job whose token names no environment is denied, and says so', outcome.status !== 0 && said, outcome);
}

async function signsOnTag(world: SigningWorld): Promise<boolean> {
  const outcome = await runJob(world, { environment: 'release' });
  const signed = await readdir(join(folder, 'store/signed')).catch((): string[] => []);
  const isComplete = signed.includes('app.exe') && signed.some((name) => name.endsWith('.tlog-proof'));
  return report('the example workflow builds, signs and hands on', outcome.status === 0 && isComplete, outcome);
}

async function verifies(world: SigningWorld): Promise<boolean> {
  const trust = join(folder, 'trust.json');
  await exportTrust(world.signer, trust);
  const expected = ['--repository', 'https://github.com/acme/app', '--project', 'reviewed-release', '--ref', TAG];
  const outcome = await originsign(
    'verify',
    join(folder, 'store/signed/app.exe'),
    '--trust',
    trust,
    ...expected,
    '--trial',
  );
  return report('what it handed on verifies', outcome.status === 0, outcome);
}
