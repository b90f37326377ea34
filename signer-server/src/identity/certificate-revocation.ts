import { decodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { Certificate } from '@originsign/core/x509/certificate';
import type { Chain } from '@originsign/core/x509/chain';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import {
  isIssuedBy,
  MAX_REVOCATION_LIST,
  parseRevocationList,
  revocationKey,
  type RevocationList,
} from '@originsign/core/x509/revocation-list';
import type { FetchDocument } from './key-document.ts';

/** Where the revocation lists of an authority come from. All of it is configuration. */
export type Revocation =
  | { readonly kind: 'crl-urls'; readonly urls: readonly string[] }
  | { readonly kind: 'crl-files'; readonly paths: readonly string[] }
  | { readonly kind: 'none' };

/** What checking revocation needs. */
export interface RevocationPorts {
  readonly fetch: FetchDocument;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly now: () => Date;
  /** Told why a list could not be had. `source` is the configured address or path. */
  readonly onFailure?: (source: string, error: unknown) => void;
}

/**
 * Makes sure that no certificate of the chain below its root was revoked. Throws `certificate.revoked`, and
 * `certificate.revocation_unavailable` where a certificate of the chain has no current list by its own issuer: no answer is
 * no permission.
 */
export type RevocationCheck = (chain: Chain, rules: RevocationRules) => Promise<void>;

/** How the certificates of one authority are checked. */
export interface RevocationRules {
  readonly revocation: Revocation;
  /** True where the servers of its lists may have private or loopback addresses. */
  readonly allowPrivateAddress: boolean;
}

/** Age after which a list is fetched again even though it holds longer, milliseconds. */
export const SOFT_LIFETIME = 60 * 60_000;
/** The same for files, which cost little. */
export const FILE_LIFETIME = 60_000;
/** Age after which a list that cannot be fetched again is no longer used, whatever it says of itself, milliseconds. */
export const HARD_LIFETIME = 24 * 60 * 60_000;
/** Least time between two fetches of one list, failed ones included, milliseconds. */
export const COOLDOWN = 30_000;
/** How far the clock of an authority may be ahead, milliseconds. */
const SKEW = 5 * 60_000;
const FETCH_TIMEOUT = 10_000;

interface Source {
  readonly name: string;
  readonly lifetime: number;
  readonly load: () => Promise<Uint8Array>;
}

interface FetchedList {
  readonly list: RevocationList;
  readonly hash: string;
  /** Hashes of the authorities' certificates that were looked at, and whether they issued it: long lists take long to verify. */
  readonly issuers: Map<string, boolean>;
  fetchedAt: number;
}

interface State {
  /** What was fetched last; and what was last found to be signed by the issuer of a certificate, if that is another one. */
  latest?: FetchedList;
  proven?: FetchedList;
  /** Counts fetches that brought a list. */
  version: number;
  attemptedAt: number;
  running?: Promise<void> | undefined;
  lastError?: unknown;
}

/** Revocation checks with a cache of lists: one fetch at a time for each list, no storm of fetches, fail closed. */
export function createRevocationCheck(ports: RevocationPorts): RevocationCheck {
  const cache = new ListCache(ports);
  return async (chain, rules) => {
    const sources = sourcesOf(rules, ports);
    if (sources === undefined) return;
    const states = sources.map((source) => ({ source, state: cache.stateOf(source) }));
    const versions = states.map(({ state }) => state.version);
    await Promise.all(states.map(({ source, state }) => cache.refresh(source, state, false)));
    if (cache.isCovered(chain, states)) return;
    // The authority may have published a newer list, or the one that was kept is not what it seemed.
    const unchanged = states.filter(({ state }, index) => state.version === versions[index]);
    await Promise.all(unchanged.map(({ source, state }) => cache.refresh(source, state, true)));
    if (!cache.isCovered(chain, states)) throw cache.unavailable(states);
  };
}

function sourcesOf(
  { revocation, allowPrivateAddress: isPrivate }: RevocationRules,
  ports: RevocationPorts,
): readonly Source[] | undefined {
  switch (revocation.kind) {
    case 'none':
      return undefined;
    case 'crl-files':
      return revocation.paths.map((path) => ({
        name: path,
        lifetime: FILE_LIFETIME,
        load: () => ports.readFile(path),
      }));
    case 'crl-urls':
      return revocation.urls.map((url) => ({
        name: url,
        lifetime: SOFT_LIFETIME,
        load: () => fetchList(url, isPrivate, ports),
      }));
  }
}

/** Lists are often on http: they carry their own signature. */
async function fetchList(url: string, allowPrivate: boolean, ports: RevocationPorts): Promise<Uint8Array> {
  const limits = { maxBytes: MAX_REVOCATION_LIST, timeout: FETCH_TIMEOUT, allowPrivate, allowHttp: true };
  const { status, body } = await ports.fetch(url, limits);
  if (status === 200) return body;
  const message = `The server of the revocation list answered with status ${status}.`;
  throw new OriginSignError('certificate.revocation_unavailable', message);
}

type SourceState = { readonly source: Source; readonly state: State };

class ListCache {
  readonly #ports: RevocationPorts;
  readonly #states = new Map<string, State>();

  constructor(ports: RevocationPorts) {
    this.#ports = ports;
  }

  stateOf({ name }: Source): State {
    const state = this.#states.get(name) ?? { version: 0, attemptedAt: -Infinity };
    this.#states.set(name, state);
    return state;
  }

  /** Fetches where the list has grown old, or where `anew`, unless the last attempt is too recent; joins a fetch under way. */
  async refresh(source: Source, state: State, anew: boolean): Promise<void> {
    if (state.running === undefined) {
      if (!anew && this.#isYoung(state.latest, source)) return;
      if (this.#isWithin(state.attemptedAt, COOLDOWN)) return;
      state.attemptedAt = this.#now();
      state.running = this.#load(source, state).finally(() => (state.running = undefined));
    }
    await state.running;
  }

  /** True where every certificate below the root has a current list of its issuer. Throws `certificate.revoked`. */
  isCovered(chain: Chain, states: readonly SourceState[]): boolean {
    return chain.every((certificate, index) => {
      const issuer = chain[index + 1];
      return issuer === undefined || this.#isListed(certificate, issuer, states);
    });
  }

  unavailable(states: readonly SourceState[]): OriginSignError {
    const [cause] = states.flatMap(({ state }) => (state.lastError === undefined ? [] : [state.lastError]));
    const attempts = states.map(({ state }) => state.attemptedAt);
    const wait = Math.min(...attempts) + COOLDOWN - this.#now();
    const unfit = states.some(({ state }) => state.latest !== undefined);
    const reason = isOriginSignError(cause)
      ? ` (${cause.code})`
      : unfit
        ? ": those at hand have ended or are not its issuer's"
        : '';
    const message = `There is no current revocation list for the client certificate${reason}.`;
    const retryAfter = Number.isFinite(wait) ? Math.max(1, Math.ceil(wait / 1000)) : COOLDOWN / 1000;
    return new OriginSignError('certificate.revocation_unavailable', message, { retryAfter, cause });
  }

  #isListed(certificate: Certificate, issuer: Certificate, states: readonly SourceState[]): boolean {
    const lists = states.flatMap(({ state }) => this.#currentLists(state, issuer));
    for (const { revoked } of lists) {
      const since = revoked.get(revocationKey(certificate.serialNumber));
      if (since !== undefined) throw revokedError(certificate, since);
    }
    return lists.length > 0;
  }

  /**
   * Both lists that are kept count: one that was not signed by the issuer must not displace the one that was, nor may an older
   * one take a revocation back.
   */
  #currentLists(state: State, issuer: Certificate): readonly RevocationList[] {
    const kept = [state.latest, state.proven].filter((fetched) => fetched !== undefined);
    const current = kept.filter((fetched) => this.#isCurrent(fetched) && isOf(fetched, issuer));
    const [newest] = [...current].sort(
      (left, right) => right.list.thisUpdate.getTime() - left.list.thisUpdate.getTime(),
    );
    if (newest !== undefined) state.proven = newest;
    return current.map(({ list }) => list);
  }

  #isCurrent({ list, fetchedAt }: FetchedList): boolean {
    const now = this.#now();
    return (
      this.#isWithin(fetchedAt, HARD_LIFETIME) &&
      list.thisUpdate.getTime() <= now + SKEW &&
      now < list.nextUpdate.getTime()
    );
  }

  #isYoung(fetched: FetchedList | undefined, { lifetime }: Source): boolean {
    return fetched !== undefined && this.#isWithin(fetched.fetchedAt, lifetime) && this.#isCurrent(fetched);
  }

  async #load(source: Source, state: State): Promise<void> {
    try {
      const bytes = await source.load();
      const hash = sha256Hex(bytes);
      // Reading a long list again that has not changed would hold up everybody else.
      const known = [state.latest, state.proven].find((fetched) => fetched?.hash === hash);
      state.latest = known ?? { list: parseRevocationList(listDer(bytes)), hash, issuers: new Map(), fetchedAt: 0 };
      state.latest.fetchedAt = this.#now();
      state.version += 1;
      state.lastError = undefined;
    } catch (error) {
      state.lastError = error;
      this.#ports.onFailure?.(source.name, error);
    }
  }

  #now(): number {
    return this.#ports.now().getTime();
  }

  /** False also for a time ahead of the clock: after the clock was set back, nothing may stay fresh until it catches up. */
  #isWithin(since: number, duration: number): boolean {
    const age = this.#now() - since;
    return age >= 0 && age < duration;
  }
}

/** A list in PEM (RFC 7468), as OpenSSL writes it, or in DER, as everybody publishes it. */
function listDer(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x2d) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const [, base64 = ''] = /^-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]*)-----END X509 CRL-----\s*$/.exec(text) ?? [];
  return decodeBase64(base64.replace(/\s/g, ''));
}

function isOf({ list, issuers }: FetchedList, issuer: Certificate): boolean {
  const name = sha256Hex(issuer.der);
  const known = issuers.get(name) ?? isIssuedBy(list, issuer);
  issuers.set(name, known);
  return known;
}

function revokedError(certificate: Certificate, since: Date): OriginSignError {
  const message = `The certificate ${certificate.subjectText} was revoked at ${since.toISOString()}.`;
  return new OriginSignError('certificate.revoked', message);
}
