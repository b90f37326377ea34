import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Foreign tools that tests and examples use, and the Debian package that brings each. */
const PACKAGES = {
  'softhsm2-util': 'softhsm2',
  osslsigncode: 'osslsigncode',
  openssl: 'openssl',
  'pkcs11-tool': 'opensc',
  sbverify: 'sbsigntool',
  cc: 'build-essential',
  python3: 'python3',
  go: 'golang-go',
  groovy: 'groovy',
  'ssh-keygen': 'openssh-client',
  gcab: 'gcab',
  cabextract: 'cabextract',
  minisign: 'minisign',
  modinfo: 'kmod',
} as const;

/** Name of a tool that can be asked for. */
export type ToolName = keyof typeof PACKAGES;

/** True where a program of this name is on the PATH. */
export function hasTool(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that the tools are installed. As root on a system with apt it installs what is missing and returns the tools
 * that it installed; elsewhere it throws an `Error` that names the one command to run.
 */
export function ensureTools(names: readonly ToolName[], report: (line: string) => void = () => undefined): ToolName[] {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map((name) => PACKAGES[name]))];
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !hasTool('apt-get')) {
    throw new Error(`These tools are missing: ${missing.join(', ')}. Install them first: sudo ${command}`);
  }
  report(`installing ${packages.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (spawnSync('sh', ['-c', command], { env: environment, stdio: 'ignore' }).status !== 0) {
    execFileSync('apt-get', ['update', '-qq'], { env: environment, stdio: 'ignore' });
    execFileSync('sh', ['-c', command], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return missing;
}
