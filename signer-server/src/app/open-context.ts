import { randomBytes } from 'node:crypto';
import { noteKey } from '@originsign/core/log/note-key';
import { signNote } from '@originsign/core/log/signed-note';
import type { ServerConfig } from '../config/server-config.ts';
import { openHsm, type Hsm } from '../hsm/hsm.ts';
import { checkHighWaterMark } from '../log/check-mark.ts';
import { fileHighWaterMark, type HighWaterMark } from '../log/high-water-mark.ts';
import { createPublisher, type Publisher } from '../log/publisher.ts';
import type { Db } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { takeServeLock } from '../store/serve-lock.ts';
import { Admission } from './admission.ts';
import { checkedSignature } from './checked-signature.ts';
import type { Context } from './context.ts';
import { Counters } from './counters.ts';
import { LivePolicies } from './live-policies.ts';
import { requireKey } from './load-keys.ts';
import { openOutside } from './open-outside.ts';
import { pemCertificates } from './pem.ts';
import type { Journal } from './ports.ts';
import { Progress } from './progress.ts';
import { CANARY_LABEL } from './reserved-labels.ts';
import { openRoster } from './roster-file.ts';
import { readStoreIdentity, type StoreIdentity } from './store-identity.ts';
import type { StoredKey } from './stored-key.ts';
import { Strangers } from './strangers.ts';

/** Seconds. */
const TERMS = { requestLifetime: 3600, lease: 120 } as const;

/** A context with what its owner has to look after. */
export interface OpenedContext {
  readonly context: Context;
  readonly hsm: Hsm;
  readonly policies: LivePolicies;
  /** Finishes what is under way, then lets go of HSM, database and network. */
  close(): Promise<void>;
}

/** What the operator states besides the configuration. */
export interface OpenOptions {
  readonly journal: Journal;
  readonly expectedLog?: { readonly size: number; readonly root: Uint8Array };
}

/** What has to be closed again, last opened first. */
type Closers = (() => Promise<void> | void)[];

/**
 * Opens a store to serve it: lock, database, high-water mark, HSM, policies. Throws `store.*`, `log.*`, `hsm.*`, `key.*`,
 * `trial.forbidden` and `config.invalid`; nothing is left open then.
 */
export async function openContext(config: ServerConfig, options: OpenOptions): Promise<OpenedContext> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    // Each of them, whatever the one before met: a lock that stays would keep the next start out.
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        failures.push(error);
      }
    }
    for (const error of failures) options.journal.error({ err: error }, 'something did not close');
  };
  try {
    const store = await openServedStore(config, options, closers);
    const hsm = await openConfiguredHsm(config, store.keys, options.journal);
    closers.push(() => hsm.close());
    const { db, trial, keys } = store;
    const { journal } = options;
    const policies = new LivePolicies(config.policies.directory, { db, trial, keys, journal });
    const context = await openParts(config, { ...store, hsm, policies, journal }, closers);
    return { context, hsm, policies, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface ServedStore extends StoreIdentity {
  readonly db: Db;
  readonly mark: HighWaterMark;
}

async function openServedStore(config: ServerConfig, options: OpenOptions, closers: Closers): Promise<ServedStore> {
  const lock = await takeServeLock(config.store.path);
  closers.push(() => lock.release());
  const db = await openDatabase(`sqlite:${config.store.path}`);
  closers.push(() => db.destroy());
  const identity = await readStoreIdentity(db, config.url);
  const mark = fileHighWaterMark(config.log.highWaterMark);
  const expected = options.expectedLog === undefined ? {} : { expected: options.expectedLog };
  await checkHighWaterMark({ db, mark, origin: identity.logOrigin, ...expected });
  return { ...identity, db, mark };
}

function openConfiguredHsm(config: ServerConfig, keys: ReadonlyMap<string, StoredKey>, journal: Journal): Promise<Hsm> {
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

async function openParts(
  config: ServerConfig,
  parts: ServedStore & { readonly hsm: Hsm; readonly policies: LivePolicies; readonly journal: Journal },
  closers: Closers,
): Promise<Context> {
  const { db, keys, trial, logOrigin, hsm, policies, journal } = parts;
  const now = (): Date => new Date();
  const logKey = requireKey(keys, config.log.key, 'log');
  const publisher = openPublisher(parts, logKey);
  closers.push(() => publisher.stop());
  const outside = openOutside(config, { db, journal, now });
  closers.push(() => outside.close());
  const progress = new Progress();
  closers.push(() => progress.drain());
  await policies.open();
  return {
    serverUrl: config.url,
    replica: randomBytes(8).toString('hex'),
    onlyProcess: true,
    terms: TERMS,
    now,
    db,
    evidenceKey: config.store.encryptionKey.reveal(),
    issuerKeys: outside.issuerKeys,
    checkCertificate: outside.certificateCheck(() => policies.active.authorities),
    connectors: outside.connectors(policies.active.connectedSystems),
    policies: () => policies.active,
    roster: await openRoster(config.admins?.file, { db, journal, now }),
    keys: () => keys,
    logKey,
    logOrigin,
    trial,
    timestampRoots: config.timestamps === undefined ? [] : pemCertificates(config.timestamps.roots),
    provenanceKey: requireKey(keys, config.provenance.key, 'provenance'),
    hsm,
    timestamper: outside.timestamper,
    publisher,
    admission: new Admission(config.limits.hsmQueue),
    counters: new Counters(),
    progress,
    strangers: new Strangers(now()),
    journal,
  };
}

function openPublisher(
  { db, mark, logOrigin: origin, hsm }: ServedStore & { readonly hsm: Hsm },
  logKey: StoredKey,
): Publisher {
  const key = noteKey(origin, logKey.spki);
  const sign = (bytes: Uint8Array): Promise<Uint8Array> => checkedSignature(hsm, logKey, { kind: 'message', bytes });
  return createPublisher({ db, mark, origin, keys: [key], signNote: (text) => signNote(text, [{ key, sign }]) });
}
