import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureNativeAddons } from '@originsign/testkit/native-addons';
import { ensureTools } from '@originsign/testkit/tools';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILT = ['signer-server/dist/main.js', 'cli/dist/originsign.mjs', 'actions/sign/dist/index.mjs'];

/** Installs what a fresh machine lacks: the software HSM, the foreign verifiers, the native addons. Then builds what is not built. */
export function prepare(say: (line: string) => void): void {
  ensureTools(['softhsm2-util', 'osslsigncode', 'openssl'], say);
  ensureNativeAddons(say);
  if (BUILT.every((path) => existsSync(ROOT + path))) return;
  say('building');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}
