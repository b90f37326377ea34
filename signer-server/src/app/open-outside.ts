import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServerConfig } from '../config/server-config.ts';
import { createGuardedFetch, type GuardedFetch } from '../egress/guarded-fetch.ts';
import {
  type CertificateAuthority,
  type CertificateCheck,
  createCertificateCheck,
} from '../identity/client-certificate.ts';
import { createIssuerKeys, type IssuerKeys } from '../identity/issuer-keys.ts';
import { keyDocumentSource } from '../identity/key-document.ts';
import type { Db } from '../store/database.ts';
import { createTimestamper } from '../timestamp/timestamper.ts';
import { logKeySet } from './key-sets.ts';
import { pemCertificates } from './pem.ts';
import { type ConnectedSystem, openConnectors } from './open-connectors.ts';
import type { Journal, OriginConnector, Timestamper } from './ports.ts';

/** Everything through which the server talks to others. */
export interface Outside {
  readonly issuerKeys: IssuerKeys;
  readonly timestamper: Timestamper | undefined;
  /** The check of client certificates under these authorities. */
  certificateCheck(authorities: () => readonly CertificateAuthority[]): CertificateCheck;
  /** Connectors of these systems, by id. Throws `config.invalid`. */
  connectors(systems: readonly ConnectedSystem[]): ReadonlyMap<string, OriginConnector>;
  close(): Promise<void>;
}

/** Opens the way out: issuer keys and timestamp authorities, both through the one guarded fetch. */
export function openOutside(
  config: ServerConfig,
  { db, journal, now }: { readonly db: Db; readonly journal: Journal; readonly now: () => Date },
): Outside {
  const egress = openEgress(config);
  const read = (path: string): Promise<Uint8Array> => readFile(resolve(config.policies.directory, path));
  const issuerKeys = createIssuerKeys({
    source: keyDocumentSource(egress.fetch, read),
    now,
    onKeySet: (snapshot) => logKeySet(db, snapshot, now()),
    onFailure: (system, error) => journal.warn({ system, err: error }, 'issuer keys could not be refreshed'),
  });
  const onFailure = (source: string, error: unknown): void =>
    journal.warn({ source, err: error }, 'a revocation list could not be refreshed');
  return {
    issuerKeys,
    certificateCheck: (authorities) =>
      createCertificateCheck({ authorities, fetch: egress.fetch, readFile: read, now, onFailure }),
    connectors: (systems) => openConnectors(config.connectors, systems, { fetch: egress.fetch, now }),
    timestamper: openTimestamper(config, egress.fetch, now),
    close: () => egress.close(),
  };
}

/** The guarded fetch with the proxy and authorities of the configuration. */
export function openEgress({ egress }: ServerConfig): ReturnType<typeof createGuardedFetch> {
  return createGuardedFetch({
    ...(egress.proxy === undefined ? {} : { proxy: egress.proxy.reveal() }),
    ...(egress.noProxy === undefined ? {} : { noProxy: egress.noProxy }),
    ...(egress.ca === undefined ? {} : { ca: egress.ca }),
  });
}

/** The pool of timestamp authorities; `undefined` where none is configured. */
export function openTimestamper(
  { timestamps }: ServerConfig,
  fetch: GuardedFetch,
  now: () => Date,
): Timestamper | undefined {
  if (timestamps === undefined) return undefined;
  return createTimestamper({ ...timestamps, roots: pemCertificates(timestamps.roots), fetch, now });
}
