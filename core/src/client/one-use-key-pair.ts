import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { oneUseJwk, type OneUseJwk } from '../attestation/one-use-key.ts';

/** The key of one signing request. The private half never leaves the process. */
export interface OneUseKeyPair {
  readonly privateKey: KeyObject;
  readonly jwk: OneUseJwk;
}

/** Makes a fresh key pair. */
export function generateOneUseKey(): OneUseKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: oneUseJwk(publicKey) };
}
