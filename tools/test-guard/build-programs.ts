import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds what end-to-end tests start as programs, so that none of them tries the code of an hour ago. */
export function setup(): void {
  const args = ['node_modules/typescript/bin/tsc', '-b', 'signer-server/tsconfig.src.json', 'cli/tsconfig.src.json'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The programs under test do not build:\n${stdout}`);
}
