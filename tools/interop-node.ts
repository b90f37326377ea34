import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { exportTrust, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { REPOSITORY } from './bundle.ts';

/*
 * By hand: whether the packed command signs and verifies on every line of Node that we serve, installed in a folder with nothing else.
 * The `node-<platform>-<arch>` packages bring the other lines; one that cannot be had is skipped, and says so. Build
 * first: `npm run build`.
 */

const LINES = ['20', '22', '24', '26'] as const;
/** The platform in the names of those packages. */
const SYSTEM = platform() === 'win32' ? 'win' : platform();

const folder = await mkdtemp(join(tmpdir(), 'originsign-node-'));
try {
  await run();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const world = await startSigningWorld();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await exportTrust(world.signer, join(folder, 'trust.json'));
    const command = await installCommand();
    for (const line of LINES) {
      const node = await nodeOf(line);
      const result = node === undefined ? 'skipped' : await tryCommand(node, command, world);
      counts[result] += 1;
    }
  } finally {
    await world.stop();
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/** Packs the command, installs it beside nothing else, and gives the path of its program. */
async function installCommand(): Promise<string> {
  const words = ['pack', '--workspace', 'cli', '--pack-destination', folder];
  await succeed(await runChild('npm', words, { cwd: REPOSITORY }));
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const place = join(folder, 'command');
  await mkdir(place);
  await writeFile(join(place, 'package.json'), '{"private": true}\n');
  await succeed(await npmInstall(place, join(folder, tarball)));
  return join(place, 'node_modules/@originsign/cli/dist/originsign.mjs');
}

function npmInstall(cwd: string, what: string): Promise<Outcome> {
  return runChild('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', what], { cwd });
}

async function succeed({ status, stderr }: Outcome): Promise<void> {
  if (status !== 0) throw new Error(stderr);
}

/** Path of the program of one line of Node: this one, or the newest that the packages have. */
async function nodeOf(line: string): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath;
  const place = join(folder, `node-${line}`);
  await mkdir(place);
  await writeFile(join(place, 'package.json'), '{"private": true}\n');
  const name = `node-${SYSTEM}-${arch()}`;
  const { status } = await npmInstall(place, `${name}@${line}`);
  if (status === 0) return join(place, 'node_modules', name, SYSTEM === 'win' ? 'bin/node.exe' : 'bin/node');
  console.log(`skipped  Node ${line}: ${name} cannot be had`);
  return undefined;
}

async function tryCommand(node: string, command: string, world: SigningWorld): Promise<'passed' | 'failed'> {
  const version = (await runChild(node, ['--version'])).stdout.trim();
  const cwd = join(folder, `job-${version}`);
  await mkdir(cwd);
  await writeFile(join(cwd, 'notes.txt'), 'what is new');
  const { environment } = world.issuer.startJob({ run_id: String(Date.now()) });
  const env = {
    PATH: process.env['PATH'],
    NODE_EXTRA_CA_CERTS: world.signer.caPath,
    GITHUB_ACTIONS: 'true',
    ...environment,
  };
  const start = (...words: readonly string[]) => runChild(node, [command, ...words], { cwd, env });
  const project = ['--project', 'acme-app', '--policy', 'release'];
  const format = ['--format', 'cms-detached', '-o', 'signed'];
  const signed = await start('sign', 'notes.txt', '--server', world.signer.url, ...project, ...format);
  const trust = ['--trust', join(folder, 'trust.json'), '--trial', '--repository', 'https://github.com/acme/app'];
  const verified = await start('verify', 'signed/notes.txt', ...trust, ...project);
  const isRight = signed.status === 0 && verified.status === 0 && !/Warning/.test(signed.stderr + verified.stderr);
  console.log(`${isRight ? 'passed' : 'failed'}   Node ${version}: signs and verifies`);
  if (!isRight) console.log(`${signed.stderr}${verified.stderr}`.replace(/^/gm, '    '));
  return isRight ? 'passed' : 'failed';
}
