import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concatBytes, utf8 } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** What a sealed value belongs to; it opens in this place alone. */
export interface SealedPlace {
  readonly requestId: string;
  readonly kind: string;
}

function context({ requestId, kind }: SealedPlace): Uint8Array {
  return utf8(JSON.stringify(['originsign.dev/evidence/v1', requestId, kind]));
}

/** Encrypts with AES-256-GCM under the store's key of 32 bytes: version, nonce, tag, ciphertext. */
export function seal(key: Uint8Array, place: SealedPlace, plaintext: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(context(place));
  const ciphertext = concatBytes(cipher.update(plaintext), cipher.final());
  return concatBytes(Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), ciphertext);
}

/** Opens a sealed value. Throws `store.corrupt` where it was changed or moved, or the store's key is another one. */
export function unseal(key: Uint8Array, place: SealedPlace, sealed: Uint8Array): Uint8Array {
  try {
    if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new TypeError('Not a sealed value.');
    const nonce = sealed.subarray(1, 1 + NONCE);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
    decipher.setAAD(context(place));
    decipher.setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG));
    return concatBytes(decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final());
  } catch (cause) {
    throw new OriginSignError('store.corrupt', `The sealed evidence ${place.kind} of a request does not open.`, {
      hint: 'check that the encryption key of the store is the one it was made with',
      details: { table: 'evidence', row: [place.requestId, place.kind], column: 'sealed' },
      cause,
    });
  }
}
