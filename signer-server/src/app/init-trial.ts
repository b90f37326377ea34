import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { OriginSignError } from '@originsign/core/errors/error';
import { loadServerConfig } from '../config/load-server-config.ts';
import { createSoftHsmToken, type SoftHsmToken } from '../hsm/softhsm-token.ts';
import { initStore, type InitialisedStore } from './init-store.ts';
import { makeTrialTls } from './trial-tls.ts';

/** What a trial is started with. */
export interface TrialWish {
  readonly directory: string;
  readonly url: string;
  readonly timestampUrls: readonly string[];
  /** PEM file; required beside URLs. */
  readonly timestampRoots?: string;
}

/** A trial that can be served. */
export interface InitialisedTrial extends InitialisedStore {
  readonly configPath: string;
  /** PEM of the authority of the TLS certificate; absent over http. */
  readonly caPath: string | undefined;
}

/**
 * Makes everything that a trial needs below one directory: SoftHSM token, configuration, TLS certificate, store and keys.
 * Throws `store.exists`, `input.invalid`, `hsm.*`.
 */
export async function initTrial(wish: TrialWish, now: () => Date): Promise<InitialisedTrial> {
  const directory = resolve(wish.directory);
  const configPath = join(directory, 'server.yml');
  if (await exists(configPath)) throw new OriginSignError('store.exists', `There already is a store in ${directory}.`);
  const url = parseUrl(wish.url);
  await mkdir(join(directory, 'policies', 'trusted-build-systems'), { recursive: true, mode: 0o700 });
  await mkdir(join(directory, 'policies', 'projects'), { recursive: true });
  const token = await createSoftHsmToken(join(directory, 'softhsm'), 'originsign-trial');
  await writeFile(join(directory, 'store.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const caPath = url.protocol === 'https:' ? await writeTls(join(directory, 'tls'), url.hostname, now()) : undefined;
  const timestamps = await takeTimestampRoots(directory, wish);
  const config = { ...configuration(url, token), ...timestamps };
  await writeFile(configPath, stringify(config, { lineWidth: 0 }), { flag: 'wx' });
  return { ...(await initStore(loadServerConfig(configPath), true, now)), configPath, caPath };
}

function configuration(url: URL, token: SoftHsmToken): Record<string, unknown> {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const tls = url.protocol === 'https:' ? { certificate: 'tls/server.pem', key: { file: 'tls/server.key' } } : {};
  return {
    version: 1,
    url: url.origin,
    listen: { address: `127.0.0.1:${port}`, ...tls },
    store: { url: 'sqlite:store.sqlite', encryptionKey: { file: 'store.key' } },
    policies: { directory: 'policies' },
    hsm: {
      tokens: [
        {
          name: 'trial',
          module: token.module,
          environment: token.environment,
          serial: token.serial,
          pin: { file: 'softhsm/pin' },
          processes: 2,
          sessions: 4,
        },
      ],
    },
    log: { key: 'log', highWaterMark: 'mark' },
    provenance: { key: 'provenance' },
    metrics: { enabled: false },
  };
}

async function writeTls(folder: string, host: string, now: Date): Promise<string> {
  const tls = makeTrialTls(host, now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'server.pem'), tls.certificate);
  await writeFile(join(folder, 'server.key'), tls.key, { mode: 0o600 });
  const caPath = join(folder, 'ca.pem');
  await writeFile(caPath, tls.ca);
  return caPath;
}

async function takeTimestampRoots(directory: string, wish: TrialWish): Promise<Record<string, unknown>> {
  if (wish.timestampUrls.length === 0) return {};
  if (wish.timestampRoots === undefined) {
    throw new OriginSignError('input.missing', 'Timestamp URLs need the roots that their tokens chain to.', {
      hint: 'give a PEM file with --timestamp-roots',
    });
  }
  await copyFile(wish.timestampRoots, join(directory, 'timestamp-roots.pem'));
  const timestamps = { urls: wish.timestampUrls, roots: 'timestamp-roots.pem', allowPrivateAddress: true };
  return { timestamps };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url;
  throw new OriginSignError('input.invalid', 'The URL of the server is not of the form https://host:port.');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
