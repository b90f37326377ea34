import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { OriginSignError } from '@originsign/core/errors/error';
import { SignerConnection } from './signer-connection.ts';
import { findSoftHsmModule } from './softhsm-module.ts';

/** A new SoftHSM2 token, as the configuration has to name it. */
export interface SoftHsmToken {
  readonly module: string;
  readonly environment: { readonly SOFTHSM2_CONF: string };
  readonly serial: string;
  /** File with the PIN, readable by its owner alone. */
  readonly pinFile: string;
}

const INITIALISE_TIMEOUT = 60_000;

/**
 * Makes a SoftHSM2 token in a folder of its own below `directory`: `softhsm2.conf`, `tokens/` and `pin` (mode 0600). Throws
 * `store.exists` where there is one already, `hsm.addon` or `hsm.configuration`.
 */
export async function createSoftHsmToken(
  directory: string,
  label: string,
  module: string = findSoftHsmModule(),
): Promise<SoftHsmToken> {
  const folder = resolve(directory);
  const tokens = join(folder, 'tokens');
  await mkdir(tokens, { recursive: true, mode: 0o700 });
  const pin = randomPin();
  const pinFile = join(folder, 'pin');
  await writeNew(pinFile, `${pin}\n`);
  const configuration = join(folder, 'softhsm2.conf');
  await writeNew(configuration, softHsmConfiguration(tokens));
  const environment = { SOFTHSM2_CONF: configuration };
  try {
    return { module, environment, serial: await initialise(module, environment, label, pin), pinFile };
  } catch (error) {
    await Promise.all([pinFile, configuration].map((path) => rm(path, { force: true })));
    throw error;
  }
}

/** softhsm2.conf(5) with its tokens in one folder. */
function softHsmConfiguration(tokenDirectory: string): string {
  return [
    `directories.tokendir = ${tokenDirectory}`,
    'objectstore.backend = file',
    'log.level = ERROR',
    'slots.removable = false',
    '',
  ].join('\n');
}

async function initialise(
  module: string,
  environment: Readonly<Record<string, string>>,
  label: string,
  pin: string,
): Promise<string> {
  const connection = new SignerConnection({ environment, threads: 1, callTimeout: INITIALISE_TIMEOUT });
  try {
    // Nobody keeps the officer's PIN: it could reset the user's, and a trial token is thrown away instead.
    const securityOfficerPin = randomPin();
    const answer = await connection.begin({ kind: 'initialise', module, label, securityOfficerPin, pin });
    if (answer.kind === 'initialised') return answer.serial;
    throw new OriginSignError('hsm.failed', 'The signer process gave another answer than expected.');
  } finally {
    await connection.close();
  }
}

function randomPin(): string {
  return encodeBase64url(randomBytes(24));
}

async function writeNew(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new OriginSignError('store.exists', `There already is a token: ${path}.`, { cause });
    }
    throw new OriginSignError('input.file', `The file ${path} cannot be written.`, { cause });
  }
}
