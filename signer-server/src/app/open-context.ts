import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { noteKey } from '@originsign/core/log/note-key';
import { signNote } from '@originsign/core/log/signed-note';
import type { ServerConfig } from '../config/server-config.ts';
import { createGuardedFetch, type GuardedFetch } from '../egress/guarded-fetch.ts';
import { openHsm, type Hsm } from '../hsm/hsm.ts';
import { createIssuerKeys, type IssuerKeys } from '../identity/issuer-keys.ts';
import { keyDocumentSource } from '../identity/key-document.ts';
import { checkHighWaterMark } from '../log/check-mark.ts';
import { fileHighWaterMark } from '../log/high-water-mark.ts';
import { createPublisher, type Publisher } from '../log/publisher.ts';
import type { Db } from '../store/database.ts';
import { requireMeta } from '../store/meta.ts';
import { openDatabase } from '../store/open-database.ts';
import { takeServeLock } from '../store/serve-lock.ts';
import { createTimestamper } from '../timestamp/timestamper.ts';
import { Admission } from './admission.ts';
import { checkedSignature } from './checked-signature.ts';
import type { Context } from './context.ts';
import { logKeySet } from './key-sets.ts';
import { loadKeys, requireKey } from './load-keys.ts';
import { loadActivePolicies } from './policy-log.ts';
import { pemCertificates } from './pem.ts';
import type { Journal } from './ports.ts';
import { Progress } from './progress.ts';
import { CANARY_LABEL } from './reserved-labels.ts';
import type { StoredKey } from './stored-key.ts';
import { Strangers } from './strangers.ts';

/** Seconds. */
const TERMS = { requestLifetime: 3600, lease: 120 } as const;

/** A context with what its owner has to look after. */
export interface OpenedContext {
  readonly context: Context;
  readonly hsm: Hsm;
  /** Finishes what is under way, then lets go of HSM, database and network. */
  close(): Promise<void>;
}

/** What the operator states besides the configuration. */
export interface OpenOptions {
  readonly journal: Journal;
  readonly expectedLog?: { readonly size: number; readonly root: Uint8Array };
}

/**
 * Opens a store to serve it: lock, database, high-water mark, HSM, policies. Throws `store.*`, `log.*`, `hsm.*`, `key.*` and
 * `config.invalid`; nothing is left open then.
 */
export async function openContext(config: ServerConfig, options: OpenOptions): Promise<OpenedContext> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await open(config, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  config: ServerConfig,
  { journal, expectedLog }: OpenOptions,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<OpenedContext> {
  const lock = await takeServeLock(config.store.path);
  closers.push(() => lock.release());
  const db = await openDatabase(`sqlite:${config.store.path}`);
  closers.push(() => db.destroy());
  const logOrigin = await requireMeta(db, 'log_origin');
  const trial = (await requireMeta(db, 'trial')) === 'true';
  const mark = fileHighWaterMark(config.log.highWaterMark);
  await checkHighWaterMark({
    db,
    mark,
    origin: logOrigin,
    ...(expectedLog === undefined ? {} : { expected: expectedLog }),
  });
  const keys = await loadKeys(db);
  const logKey = requireKey(keys, config.log.key, 'log');
  const hsm = await openConfiguredHsm(config, keys, journal);
  closers.push(() => hsm.close());
  const publisher = openPublisher({ db, mark, origin: logOrigin, logKey, hsm });
  closers.push(() => publisher.stop());
  const egress = createGuardedFetch(egressOf(config));
  closers.push(() => egress.close());
  const progress = new Progress();
  closers.push(() => progress.drain());
  const policies = await loadActivePolicies(config.policies.directory, { db, trial, keys, journal });
  const now = (): Date => new Date();
  const context: Context = {
    serverUrl: config.url,
    replica: randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x'),
    onlyProcess: true,
    terms: TERMS,
    now,
    db,
    evidenceKey: config.store.encryptionKey.reveal(),
    issuerKeys: openIssuerKeys(config, egress.fetch, { db, journal, now }),
    policies: () => policies,
    keys: () => keys,
    logKey,
    logOrigin,
    trial,
    timestampRoots: config.timestamps === undefined ? [] : pemCertificates(config.timestamps.roots),
    provenanceKey: requireKey(keys, config.provenance.key, 'provenance'),
    hsm,
    timestamper: openTimestamper(config, egress.fetch, now),
    publisher,
    admission: new Admission(config.limits.hsmQueue),
    progress,
    strangers: new Strangers(now()),
    journal,
  };
  return { context, hsm, close };
}

async function openConfiguredHsm(
  config: ServerConfig,
  keys: ReadonlyMap<string, StoredKey>,
  journal: Journal,
): Promise<Hsm> {
  return openHsm({
    tokens: config.hsm.tokens,
    capacity: config.limits.hsmQueue,
    wait: config.limits.hsmWait,
    canary: requireKey(keys, CANARY_LABEL, 'canary'),
    report: (event) => {
      const { kind, token: hsmToken } = event;
      const cause = 'error' in event ? { code: event.error.code, reason: event.error.message } : { pid: event.pid };
      if (kind === 'opened') journal.info({ hsmToken, ...cause }, 'signer process is up');
      else journal.warn({ kind, hsmToken, ...cause }, 'signer process is down');
    },
  });
}

function openPublisher(parts: {
  readonly db: Db;
  readonly mark: ReturnType<typeof fileHighWaterMark>;
  readonly origin: string;
  readonly logKey: StoredKey;
  readonly hsm: Hsm;
}): Publisher {
  const { db, mark, origin, logKey, hsm } = parts;
  const key = noteKey(origin, logKey.spki);
  const sign = (bytes: Uint8Array): Promise<Uint8Array> => checkedSignature(hsm, logKey, { kind: 'message', bytes });
  return createPublisher({ db, mark, origin, keys: [key], signNote: (text) => signNote(text, [{ key, sign }]) });
}

function egressOf({ egress }: ServerConfig): Parameters<typeof createGuardedFetch>[0] {
  return {
    ...(egress.proxy === undefined ? {} : { proxy: egress.proxy.reveal() }),
    ...(egress.noProxy === undefined ? {} : { noProxy: egress.noProxy }),
    ...(egress.ca === undefined ? {} : { ca: egress.ca }),
  };
}

function openIssuerKeys(
  config: ServerConfig,
  fetch: GuardedFetch,
  { db, journal, now }: { readonly db: Db; readonly journal: Journal; readonly now: () => Date },
): IssuerKeys {
  const source = keyDocumentSource(fetch, (path) => readFile(resolve(config.policies.directory, path)));
  return createIssuerKeys({
    source,
    now,
    onKeySet: (snapshot) => logKeySet(db, snapshot, now()),
    onFailure: (system, error) => journal.warn({ system, err: error }, 'issuer keys could not be refreshed'),
  });
}

function openTimestamper({ timestamps }: ServerConfig, fetch: GuardedFetch, now: () => Date): Context['timestamper'] {
  if (timestamps === undefined) return undefined;
  return createTimestamper({ ...timestamps, roots: pemCertificates(timestamps.roots), fetch, now });
}
