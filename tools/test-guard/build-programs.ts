import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds what end-to-end tests start as programs, so that none of them tries the code of an hour ago, and makes the one trial
 * that `startSigner` of the testkit copies, because the RSA keys of each would take seconds. The result removes it.
 */
export function setup(): () => void {
  run(['node_modules/typescript/bin/tsc', '-b', 'signer-server/tsconfig.src.json', 'cli/tsconfig.src.json']);
  const trial = mkdtempSync(join(tmpdir(), 'originsign-trial-'));
  run(['signer-server/dist/main.js', 'init', '--trial', '--directory', trial, '--url', 'https://localhost:1']);
  process.env['ORIGINSIGN_TEST_TRIAL'] = trial;
  return () => rmSync(trial, { recursive: true, force: true });
}

function run(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The programs under test do not work:\n${stdout}${stderr}`);
}
