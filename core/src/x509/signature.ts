import { constants, createPublicKey, publicDecrypt, verify, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { equalBytes } from '../encoding/bytes.ts';
import { encodeBase64 } from '../encoding/base64.ts';
import { derNull, derOctetString, derOid, derSequence } from '../encoding/der.ts';
import { keyTypeOf, type KeyType } from './key-type.ts';
import { Oid } from './oids.ts';
import { parsePublicKey } from './public-key.ts';

/** What a key signs: a message, or the SHA-256 of a message that only the client has. */
export type ToBeSigned =
  { readonly kind: 'message'; readonly bytes: Uint8Array } | { readonly kind: 'digest'; readonly digest: Uint8Array };

/** The digest that a key type puts between message and signature; Ed25519 takes the message itself. */
export function signatureDigest(type: KeyType): 'sha256' | 'sha384' | undefined {
  if (type === 'ed25519') return undefined;
  return type === 'p-384' ? 'sha384' : 'sha256';
}

/** True where keys of this type can sign what is to be signed: only RSA and P-256 sign a SHA-256 without its message. */
export function canSign(type: KeyType, toBeSigned: ToBeSigned): boolean {
  if (toBeSigned.kind === 'message') return true;
  return toBeSigned.digest.length === 32 && type !== 'ed25519' && type !== 'p-384';
}

/**
 * True where the signature verifies under the key. Signature values: RSA = PKCS#1 v1.5 with SHA-256 (RFC 8017 section 8.2), P-256
 * and P-384 = DER ECDSA with SHA-256 and SHA-384 (RFC 3279 section 2.2.3), Ed25519 = 64 bytes (RFC 8032).
 * `spki` is a DER SubjectPublicKeyInfo. Throws `der.malformed` or `format.key_type` for keys that are none of ours.
 */
export function verifySignature(spki: Uint8Array, toBeSigned: ToBeSigned, signature: Uint8Array): boolean {
  const type = keyTypeOf(spki);
  if (!canSign(type, toBeSigned)) return false;
  try {
    if (toBeSigned.kind === 'message') {
      return verify(signatureDigest(type) ?? null, toBeSigned.bytes, importPublicKey(spki), signature);
    }
    return type === 'p-256'
      ? verifyP256Digest(spki, toBeSigned.digest, signature)
      : verifyRsaDigest(spki, toBeSigned.digest, signature);
  } catch {
    // OpenSSL and noble throw for some malformed signatures and return false for others.
    return false;
  }
}

/** The key of a DER SubjectPublicKeyInfo for `node:crypto`. */
export function importPublicKey(spki: Uint8Array): KeyObject {
  const name = encodeBase64(spki);
  const known = IMPORTED.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  if (IMPORTED.size >= MAX_IMPORTED) IMPORTED.clear();
  IMPORTED.set(name, key);
  return key;
}

/** Reading a key costs more than verifying a signature with it, and a server verifies with the same few keys all day. */
const IMPORTED = new Map<string, KeyObject>();
const MAX_IMPORTED = 256;

/** PKCS#1's DigestInfo (RFC 8017 section 9.2) of a SHA-256: what an RSA key signs where only the digest is known. */
export function sha256DigestInfo(digest: Uint8Array): Uint8Array {
  return derSequence(derSequence(derOid(Oid.sha256), derNull()), derOctetString(digest));
}

function verifyRsaDigest(spki: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const key = { key: importPublicKey(spki), padding: constants.RSA_PKCS1_PADDING };
  // Compared as a whole: parsing what was recovered is how lenient verifiers came to accept forged signatures.
  return equalBytes(publicDecrypt(key, signature), sha256DigestInfo(digest));
}

function verifyP256Digest(spki: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const key = parsePublicKey(spki);
  if (key.algorithm !== 'ec') return false;
  return p256.verify(signature, digest, key.point, { format: 'der', prehash: false, lowS: false });
}
