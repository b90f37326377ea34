import { OriginSignError } from '../errors/error.ts';
import { parsePublicKey } from './public-key.ts';

/** Types of the keys that OriginSign signs with. */
export const KEY_TYPES = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384', 'ed25519'] as const;

/** Type of a key that OriginSign signs with. */
export type KeyType = (typeof KEY_TYPES)[number];

/** True where the text names a key type. */
export function isKeyType(text: string): text is KeyType {
  return (KEY_TYPES as readonly string[]).includes(text);
}

/** Type of the key in a DER SubjectPublicKeyInfo. Throws `der.malformed`, or `format.key_type` where it is none of ours. */
export function keyTypeOf(spki: Uint8Array): KeyType {
  const key = parsePublicKey(spki);
  const name = key.algorithm === 'rsa' ? `rsa-${key.bits}` : key.algorithm === 'ec' ? key.curve : key.algorithm;
  if (isKeyType(name)) return name;
  throw new OriginSignError('format.key_type', `OriginSign does not sign with keys of the type ${name}.`, {
    hint: `use one of ${KEY_TYPES.join(', ')}`,
  });
}
