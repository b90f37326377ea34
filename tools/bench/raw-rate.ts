import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runChild } from '@originsign/testkit/child';
import { ensureTools } from '@originsign/testkit/tools';

/** The server's own dependency, which brings the headers of PKCS#11. */
const ADDON = 'pkcs11js';
const SOURCE = fileURLToPath(new URL('./raw-sign.c', import.meta.url));

/** A token and one of its keys, as the raw program needs them. */
export interface RawKey {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly serial: string;
  readonly pin: string;
  readonly label: string;
  /** PKCS#11 mechanism. */
  readonly mechanism: number;
  /** Bytes that are signed. */
  readonly inputLength: number;
}

/** Measures signatures per second of plain PKCS#11 calls, without Node. */
export interface RawRate {
  measure(key: RawKey, processes: number, seconds: number): Promise<number>;
  remove(): Promise<void>;
}

/** Compiles the measuring program. */
export async function compileRawRate(): Promise<RawRate> {
  ensureTools(['cc']);
  const folder = await mkdtemp(join(tmpdir(), 'originsign-bench-'));
  const program = join(folder, 'raw-sign');
  const require = createRequire(new URL('../../signer-server/package.json', import.meta.url));
  const headers = join(dirname(require.resolve(ADDON)), 'includes', 'pkcs11');
  const compiled = await runChild('cc', ['-O2', '-I', headers, SOURCE, '-o', program, '-ldl']);
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  return {
    measure: async (key, processes, seconds) => {
      const rates = Array.from({ length: processes }, () => run(program, key, seconds));
      return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** SoftHSM rewrites its token at login, so that of two programs that start at once one may fail: it is started again. */
async function run(program: string, key: RawKey, seconds: number, tries = 5): Promise<number> {
  const { module, serial, label, mechanism, inputLength, environment, pin } = key;
  const args = [module, serial, label, mechanism.toString(16), String(inputLength), String(seconds)];
  const env = { ...process.env, ...environment, ORIGINSIGN_BENCH_PIN: pin };
  const { status, stdout, stderr } = await runChild(program, args, { env });
  if (status === 0) return Number(stdout);
  if (tries > 1) return run(program, key, seconds, tries - 1);
  throw new Error(`The raw program failed: ${stderr}`);
}
