import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.ts';
import { ensureTools } from './tools.ts';

/** A throw-away SoftHSM2 token, made with SoftHSM2's own tool. */
export interface TestToken {
  readonly directory: string;
  readonly module: string;
  readonly environment: { readonly SOFTHSM2_CONF: string };
  readonly serial: string;
  readonly pin: string;
  /** Removes the token and its folder. */
  remove(): Promise<void>;
}

const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** Makes a token in a new temporary folder; installs SoftHSM2 where that is possible and missing. */
export async function createTestToken(pin = 'test-pin-48151623'): Promise<TestToken> {
  ensureTools(['softhsm2-util']);
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) throw new Error('SoftHSM2 is installed, but its module is in none of the usual places.');
  const directory = await mkdtemp(join(tmpdir(), 'originsign-token-'));
  const configuration = join(directory, 'softhsm2.conf');
  await mkdir(join(directory, 'tokens'));
  await writeFile(configuration, `directories.tokendir = ${join(directory, 'tokens')}\nlog.level = ERROR\n`);
  const environment = { SOFTHSM2_CONF: configuration };
  await softHsmTool(environment, '--init-token', '--free', '--label', 'test', '--so-pin', 'officer-pin', '--pin', pin);
  const slots = await softHsmTool(environment, '--show-slots');
  const serial = /Serial number:\s+([0-9a-f]{16})/.exec(slots)?.[1];
  if (serial === undefined) throw new Error(`The new token does not show up:\n${slots}`);
  return { directory, module, environment, serial, pin, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** How a signer is told to use the token. */
export interface TestTokenOptions {
  readonly name: string;
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly serial: string;
  readonly userType: 'user' | number;
  readonly pin: { reveal(): string };
  readonly processes: number;
  readonly sessions: number;
}

/** One process with four sessions on the token, unless changed. */
export function testTokenOptions(token: TestToken, change: Partial<TestTokenOptions> = {}): TestTokenOptions {
  const { module, environment, serial, pin } = token;
  const base = { name: 'test', module, environment, serial, userType: 'user', pin: { reveal: () => pin } } as const;
  return { ...base, processes: 1, sessions: 4, ...change };
}

/** Runs `pkcs11-tool` of OpenSC, logged in to the token, and returns what it printed. */
export async function pkcs11Tool(token: TestToken, ...args: readonly string[]): Promise<string> {
  ensureTools(['pkcs11-tool']);
  const login = ['--module', token.module, '--login', '--pin', token.pin];
  const env = { ...process.env, ...token.environment };
  const { status, stdout, stderr } = await runChild('pkcs11-tool', [...login, ...args], { env });
  if (status !== 0) throw new Error(`pkcs11-tool failed: ${stderr}${stdout}`);
  return stdout;
}

async function softHsmTool(
  environment: { readonly SOFTHSM2_CONF: string },
  ...args: readonly string[]
): Promise<string> {
  const { status, stdout, stderr } = await runChild('softhsm2-util', args, { env: { ...process.env, ...environment } });
  if (status !== 0) throw new Error(`softhsm2-util failed: ${stderr}${stdout}`);
  return stdout;
}
