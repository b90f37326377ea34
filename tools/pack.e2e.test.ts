import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PACKAGES = ['core', 'cli', 'signer-server'] as const;

let folder: string;

/** Path of an installed command. */
function installed(command: string): string {
  return join(folder, 'node_modules', '.bin', command);
}

/** Runs a program in the folder that holds nothing but the installed packages. */
function run(program: string, ...args: readonly string[]): Promise<Outcome> {
  return runChild(program, args, { cwd: folder });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'originsign-pack-'));
  await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  const workspaces = PACKAGES.flatMap((name) => ['--workspace', name]);
  const packed = await runChild('npm', ['pack', ...workspaces, '--json', '--pack-destination', folder], { cwd: ROOT });
  if (packed.status !== 0) throw new Error(packed.stderr);
  const tarballs = (JSON.parse(packed.stdout) as { filename: string }[]).map(({ filename }) => `./${filename}`);
  // Without scripts, as in a company that blocks them: the native addons of the server are not compiled.
  const install = await run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs);
  if (install.status !== 0) throw new Error(install.stderr);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a packed package in an empty folder', () => {
  it('core: can be imported by its documented paths', async () => {
    const script = `const { shortRequestId } = await import('@originsign/core/attestation/request-id');
      console.log(shortRequestId('pQ3vT0sZc81K'.padEnd(43, 'A')));`;
    const { status, stdout, stderr } = await run(process.execPath, '--input-type=module', '--eval', script);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'pQ3vT0sZc81K\n', stderr: '' });
  });

  it('cli: runs, and needs none of the others', async () => {
    const { status, stdout } = await run(installed('originsign'), '--version');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0.1.0\n' });
  });

  it('signer-server: runs, and says which addon is missing and how to install it', async () => {
    const help = await run(installed('originsign-server'), '--help');
    expect(help.status, help.stderr).toBe(0);
    expect(help.stdout).toContain('serve');
    const trial = ['init', '--trial', '--directory', 'trial', '--url', 'https://localhost:8443'];
    const init = await run(installed('originsign-server'), ...trial);
    expect(init.status).toBe(2);
    expect(init.stderr).toMatch(/^error: .*\[(hsm|store)\.addon\]\nhint: npm install --allow-scripts=/);
  });

  it('holds no tests and no build records', async () => {
    const listed = await run('find', 'node_modules/@originsign', '-name', '*.test.*', '-o', '-name', '.tsbuildinfo*');
    expect(listed.stdout).toBe('');
  });
});
