import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { oneUseJwk, type OneUseJwk } from '../attestation/one-use-key.ts';
import type { TokenSource } from './ci/token-source.ts';

/** The key of one signing request. The private half never leaves the process. */
export interface OneUseKeyPair {
  readonly privateKey: KeyObject;
  readonly jwk: OneUseJwk;
}

const keysOfSources = new WeakMap<TokenSource, OneUseKeyPair>();

/**
 * The key for a request. Each has its own where the platform makes a token for each. A token that a job has but one of belongs
 * to the key that presents it first, so that all requests by it must have that key.
 */
export function keyForRequest(tokens: TokenSource): OneUseKeyPair {
  if (tokens.renewable) return generateOneUseKey();
  const key = keysOfSources.get(tokens) ?? generateOneUseKey();
  keysOfSources.set(tokens, key);
  return key;
}

/** Makes a fresh key pair. */
export function generateOneUseKey(): OneUseKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: oneUseJwk(publicKey) };
}
