import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { oneUseJwk, type OneUseJwk } from './one-use-key.ts';

/** A fresh one-use key for a test. */
export function testOneUseKey(): { readonly privateKey: KeyObject; readonly jwk: OneUseJwk } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: oneUseJwk(publicKey) };
}
