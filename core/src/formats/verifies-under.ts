import { equalBytes } from '../encoding/bytes.ts';
import { keyTypeOf } from '../x509/key-type.ts';
import { verifySignature } from '../x509/signature.ts';
import type { VerifiedSignature } from './format.ts';

/**
 * True where the signature was made by this key (DER SubjectPublicKeyInfo). Formats that carry the key were checked under it
 * already; for the others (`raw`) this is the check itself. Throws `der.malformed` or `format.key_type` for a key that cannot be read.
 */
export function verifiesUnder(signature: VerifiedSignature, spki: Uint8Array): boolean {
  if (signature.spki !== undefined) return equalBytes(signature.spki, spki);
  const { signed } = signature;
  if (signed === undefined) return false;
  const { digest, message, also } = signed;
  if (also !== undefined && !verifySignature(spki, { kind: 'message', bytes: also.message }, also.signature))
    return false;
  if (keyTypeOf(spki) !== 'ed25519') {
    return digest !== undefined && verifySignature(spki, { kind: 'digest', digest }, signature.signature);
  }
  return message !== undefined && verifySignature(spki, { kind: 'message', bytes: message }, signature.signature);
}
