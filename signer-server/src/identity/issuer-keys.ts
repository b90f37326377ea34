import { canonicalJson } from '@originsign/core/encoding/canonical-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { parseKeySet, type KeySet } from './jwk-set.ts';
import type { IssuerConfig, KeyDocumentSource } from './key-document.ts';

/** A key set that is seen for the first time, or again after another one. */
export interface KeySetSnapshot {
  readonly system: string;
  readonly keySet: KeySet;
}

/** What the cache of issuer keys needs. */
export interface IssuerKeysPorts {
  readonly source: KeyDocumentSource;
  readonly now: () => Date;
  /** Told before a new key set is used for the first time; if it fails, the set is not used. */
  readonly onKeySet: (snapshot: KeySetSnapshot) => Promise<void>;
  /** Told why a refresh failed. */
  readonly onFailure?: (system: string, error: unknown) => void;
}

/** Keys of configured issuers. */
export interface IssuerKeys {
  /**
   * Offers the current key set to `accept` and gives back what it makes of it. Where that is `undefined` (no such key, or a
   * signature that does not verify) the set is fetched again, once per cooldown, and offered once more. `undefined` as the
   * result is final: it is about keys that were fetched after this call began. Throws `issuer.keys_unavailable` where there
   * is no usable set, or where the cooldown forbids a fetch that could have changed the answer.
   */
  resolve<T>(issuer: IssuerConfig, accept: (keySet: KeySet) => T | undefined): Promise<T | undefined>;
}

/** Age after which keys are fetched again, milliseconds. */
export const SOFT_LIFETIME = 10 * 60_000;
/** Age after which keys that cannot be fetched again are no longer used, milliseconds. */
export const HARD_LIFETIME = 24 * 60 * 60_000;
/** Least time between two fetches, failed ones included, milliseconds. */
export const COOLDOWN = 30_000;

interface State {
  keySet?: KeySet;
  /** Counts successful fetches. */
  version: number;
  fetchedAt: number;
  attemptedAt: number;
  running?: Promise<void> | undefined;
  lastError?: unknown;
}

/** A cache of issuer keys: one fetch at a time for each issuer, stale keys while a fetch fails, no storm of fetches. */
export function createIssuerKeys(ports: IssuerKeysPorts): IssuerKeys {
  const states = new Map<string, State>();
  const stateOf = ({ issuer, jwksUri, keysFile }: IssuerConfig): State => {
    // With another source configured, keys from the old one count no longer.
    const name = canonicalJson({ issuer, jwksUri, keysFile });
    const state = states.get(name) ?? { version: 0, fetchedAt: -Infinity, attemptedAt: -Infinity };
    states.set(name, state);
    return state;
  };
  return {
    async resolve(issuer, accept) {
      const state = stateOf(issuer);
      const { version } = state;
      if (!isWithin(state.fetchedAt, SOFT_LIFETIME, ports)) await refresh(state, issuer, ports);
      const first = accept(usableKeySet(state, issuer, ports));
      if (first !== undefined || state.version !== version) return first;
      // The issuer may have rotated its keys, perhaps under the same kid.
      await refresh(state, issuer, ports);
      if (state.version === version) throw unavailable(state, issuer, ports);
      return accept(usableKeySet(state, issuer, ports));
    },
  };
}

/** Fetches unless the last attempt is too recent; joins a fetch that is under way. Failures stay in the state. */
async function refresh(state: State, issuer: IssuerConfig, ports: IssuerKeysPorts): Promise<void> {
  if (state.running === undefined) {
    if (isWithin(state.attemptedAt, COOLDOWN, ports)) return;
    state.attemptedAt = ports.now().getTime();
    state.running = fetchKeySet(state, issuer, ports).finally(() => (state.running = undefined));
  }
  await state.running;
}

async function fetchKeySet(state: State, issuer: IssuerConfig, ports: IssuerKeysPorts): Promise<void> {
  try {
    const keySet = parseKeySet(await ports.source(issuer));
    if (keySet.hash !== state.keySet?.hash) await ports.onKeySet({ system: issuer.id, keySet });
    state.keySet = keySet;
    state.version += 1;
    state.fetchedAt = ports.now().getTime();
    state.lastError = undefined;
  } catch (error) {
    state.lastError = error;
    ports.onFailure?.(issuer.id, error);
  }
}

function usableKeySet(state: State, issuer: IssuerConfig, ports: IssuerKeysPorts): KeySet {
  if (state.keySet === undefined || !isWithin(state.fetchedAt, HARD_LIFETIME, ports)) {
    throw unavailable(state, issuer, ports);
  }
  return state.keySet;
}

/** False also for a time ahead of the clock: after the clock was set back, nothing may stay fresh until it catches up. */
function isWithin(since: number, duration: number, ports: IssuerKeysPorts): boolean {
  const age = ports.now().getTime() - since;
  return age >= 0 && age < duration;
}

function unavailable(state: State, issuer: IssuerConfig, ports: IssuerKeysPorts): OriginSignError {
  const wait = state.attemptedAt + COOLDOWN - ports.now().getTime();
  const reason = isOriginSignError(state.lastError) ? ` (${state.lastError.code})` : '';
  return new OriginSignError('issuer.keys_unavailable', `The keys of ${issuer.id} cannot be fetched now${reason}.`, {
    retryAfter: Math.max(1, Math.ceil(wait / 1000)),
    ...(state.lastError === undefined ? {} : { cause: state.lastError }),
  });
}
