import type { Project } from '@originsign/core/policy/model';
import type { IssuerKeys } from '../identity/issuer-keys.ts';
import type { CertificateAuthority, CertificateCheck } from '../identity/client-certificate.ts';
import type { StaticSystem } from '../identity/static-token.ts';
import type { TokenSystem } from '../identity/verify-token.ts';
import type { Publisher } from '../log/publisher.ts';
import type { Db } from '../store/database.ts';
import type { Admission } from './admission.ts';
import type { Counters } from './counters.ts';
import type { ConnectedSystem } from './open-connectors.ts';
import type { Journal, OriginConnector, SigningHsm, Timestamper } from './ports.ts';
import type { RosterSource } from './roster-file.ts';
import type { Progress } from './progress.ts';
import type { StoredKey } from './stored-key.ts';
import type { Strangers } from './strangers.ts';

/** An authority of client certificates as policies brought it. */
export interface LoadedAuthority extends CertificateAuthority {
  /** PEM file of its certificates, below the policy directory. */
  readonly authorities: string;
}

/** What is trusted and what is allowed, as loaded from the policy directory. */
export interface ActivePolicies {
  readonly systemByIssuer: (issuer: string) => TokenSystem | undefined;
  readonly projects: ReadonlyMap<string, Project>;
  readonly staticSystems: readonly StaticSystem[];
  readonly authorities: readonly LoadedAuthority[];
  /** Systems about whose runs the API of the platform is asked. */
  readonly connectedSystems: readonly ConnectedSystem[];
}

/** Durations in seconds. */
export interface Terms {
  /** From acceptance until a request that could not be finished is given up. */
  readonly requestLifetime: number;
  /** How long an INTENT belongs to the replica that wrote it. */
  readonly lease: number;
}

/** Everything that use cases work with. Made once, in `compose`. */
export interface Context {
  /** Public URL without a slash at the end. */
  readonly serverUrl: string;
  /** Name of this process in leases. */
  readonly replica: string;
  /** True where no other process can serve the same store. */
  readonly onlyProcess: boolean;
  readonly terms: Terms;
  readonly now: () => Date;
  readonly db: Db;
  /** Encrypts evidence, 32 bytes. */
  readonly evidenceKey: Uint8Array;
  readonly issuerKeys: IssuerKeys;
  readonly checkCertificate: CertificateCheck;
  /** What asks the API of a platform; for systems that have `connector: true`. */
  readonly connectors: ReadonlyMap<string, OriginConnector>;
  readonly policies: () => ActivePolicies;
  /** The people who may approve. */
  readonly roster: RosterSource;
  readonly keys: () => ReadonlyMap<string, StoredKey>;
  readonly logKey: StoredKey;
  readonly logOrigin: string;
  readonly trial: boolean;
  /** Roots of timestamp authorities, DER. */
  readonly timestampRoots: readonly Uint8Array[];
  readonly provenanceKey: StoredKey;
  readonly hsm: SigningHsm;
  readonly timestamper: Timestamper | undefined;
  readonly publisher: Publisher;
  readonly admission: Admission;
  readonly counters: Counters;
  readonly progress: Progress;
  readonly strangers: Strangers;
  readonly journal: Journal;
}
