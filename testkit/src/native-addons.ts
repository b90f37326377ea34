import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureTools } from './tools.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = fileURLToPath(new URL('../../signer-server/package.json', import.meta.url));

/** Addons of the server, and an expression that uses each once it is loaded. */
const ADDONS = {
  pkcs11js: (addon: string) => `new (${addon}).PKCS11()`,
  'better-sqlite3': (addon: string) => `new (${addon})(':memory:')`,
} as const;

/** Name of a native addon. */
export type AddonName = keyof typeof ADDONS;

/** Addons that cannot be used: never compiled, or compiled for another Node. */
export function brokenAddons(): AddonName[] {
  return (Object.keys(ADDONS) as AddonName[]).filter((name) => !works(name));
}

/** In a process of its own: an addon that fails to load stays half loaded where it was tried, and a failed look-up stays cached. */
function works(name: AddonName): boolean {
  const addon = `require('node:module').createRequire(${JSON.stringify(SERVER)})(${JSON.stringify(name)})`;
  return spawnSync(process.execPath, ['-e', ADDONS[name](addon)], { stdio: 'ignore' }).status === 0;
}

/**
 * Makes sure that the native addons of the server work. npm drops an optional package whose compilation failed, so what is
 * missing is installed again once there is a compiler. Throws an `Error` with the commands to run where that does not help.
 */
export function ensureNativeAddons(report: (line: string) => void = () => undefined): void {
  const broken = brokenAddons();
  if (broken.length === 0) return;
  ensureTools(['cc', 'python3'], report);
  report(`compiling ${broken.join(', ')}`);
  npm('install', '--no-save');
  const rebuilt = brokenAddons();
  if (rebuilt.length > 0) npm('rebuild', ...rebuilt);
  const left = brokenAddons();
  if (left.length === 0) return;
  throw new Error(`These addons do not compile: ${left.join(', ')}. See why with: npm rebuild ${left.join(' ')}`);
}

function npm(...args: readonly string[]): void {
  spawnSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}
