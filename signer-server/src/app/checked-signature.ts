import { OriginSignError } from '@originsign/core/errors/error';
import { verifySignature, type ToBeSigned } from '@originsign/core/x509/signature';
import type { SigningHsm } from './ports.ts';
import type { StoredKey } from './stored-key.ts';

/**
 * Signs and verifies with the public key before anyone gets the signature: a fault in the HSM, or the wrong key behind a handle,
 * must not leave the server. Throws `hsm.bad_signature` and what the HSM throws.
 */
export async function checkedSignature(hsm: SigningHsm, key: StoredKey, toBeSigned: ToBeSigned): Promise<Uint8Array> {
  const signature = await hsm.sign(key, toBeSigned);
  if (verifySignature(key.spki, toBeSigned, signature)) return signature;
  throw new OriginSignError('hsm.bad_signature', `The HSM returned a bad signature for the key ${key.label}.`, {
    details: { key: key.label },
  });
}
