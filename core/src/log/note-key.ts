import { createPublicKey, verify } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { concatBytes, equalBytes, utf8 } from '../encoding/bytes.ts';
import { decodeHex, encodeHex } from '../encoding/hex.ts';
import { sha256 } from '../encoding/sha256.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';

/** Signature types of c2sp.org/signed-note that OriginSign makes and reads. */
export type NoteAlgorithm = 'ed25519' | 'ecdsa-p256';

/** A key that signs notes, as data. `name` and `id` together name it in a signature line. */
export interface NoteKey {
  readonly name: string;
  /** Four bytes. A name, not a fingerprint: anyone can make a key with the same id. */
  readonly id: Uint8Array;
  readonly algorithm: NoteAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

const TYPE_BYTE: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 0x01, 'ecdsa-p256': 0x02 };
const ED25519_SPKI_HEAD = decodeHex('302a300506032b6570032100');
const P256_SPKI_HEAD = decodeHex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

function malformed(what: string): OriginSignError {
  return new OriginSignError('note.malformed', `The verifier key is malformed: ${what}.`);
}

/** True where the text may name a key: not empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= 255 && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

function algorithmOf(spki: Uint8Array): NoteAlgorithm {
  const startsWith = (head: Uint8Array): boolean => equalBytes(spki.subarray(0, head.length), head);
  if (spki.length === ED25519_SPKI_HEAD.length + 32 && startsWith(ED25519_SPKI_HEAD)) return 'ed25519';
  if (spki.length === P256_SPKI_HEAD.length + 65 && startsWith(P256_SPKI_HEAD)) {
    checkPoint(spki);
    return 'ecdsa-p256';
  }
  throw malformed('it is neither an Ed25519 nor an uncompressed P-256 key');
}

/** A point that is not on the curve would only fail later, at the first signature. */
function checkPoint(spki: Uint8Array): void {
  try {
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new OriginSignError('note.malformed', 'The verifier key is no point of its curve.', { cause });
  }
}

/** What a vkey and, for Ed25519, the key id say of the public key: the 32 raw bytes, or the whole SPKI for ECDSA. */
function material(algorithm: NoteAlgorithm, spki: Uint8Array): Uint8Array {
  return algorithm === 'ed25519' ? spki.subarray(ED25519_SPKI_HEAD.length) : spki;
}

function keyId(name: string, algorithm: NoteAlgorithm, spki: Uint8Array): Uint8Array {
  // The ECDSA type predates the specification and hashes the SPKI alone.
  const hash =
    algorithm === 'ed25519'
      ? sha256(utf8(`${name}\n`), Uint8Array.of(TYPE_BYTE.ed25519), material(algorithm, spki))
      : sha256(spki);
  return hash.subarray(0, 4);
}

/**
 * The note key of a public key in SPKI form (Ed25519, or P-256 uncompressed) under a name, which for a log is its origin.
 * Throws `note.malformed`. Source: c2sp.org/signed-note, "Signature types".
 */
export function noteKey(name: string, spki: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw malformed('its name is empty or has a space, a plus or a control character');
  const algorithm = algorithmOf(spki);
  return { name, id: keyId(name, algorithm, spki), algorithm, spki };
}

/** `name+hex(id)+base64(type || key)`. c2sp.org/signed-note, "Verifier keys". */
export function formatVerifierKey(key: NoteKey): string {
  const encoded = concatBytes(Uint8Array.of(TYPE_BYTE[key.algorithm]), material(key.algorithm, key.spki));
  return `${key.name}+${encodeHex(key.id)}+${encodeBase64(encoded)}`;
}

/** Parses a vkey of type Ed25519 or ECDSA P-256 and checks that its id is the one of its key. Throws `note.malformed`. */
export function parseVerifierKey(text: string): NoteKey {
  const [, name = '', idText = '', keyText = ''] = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(text) ?? [];
  try {
    const encoded = decodeBase64(keyText);
    const [type] = encoded;
    const body = encoded.subarray(1);
    if (type !== TYPE_BYTE.ed25519 && type !== TYPE_BYTE['ecdsa-p256']) throw malformed('its type is not supported');
    const key = noteKey(name, type === TYPE_BYTE.ed25519 ? concatBytes(ED25519_SPKI_HEAD, body) : body);
    if (TYPE_BYTE[key.algorithm] !== type) throw malformed('its type and its key do not fit');
    if (!equalBytes(decodeHex(idText), key.id)) throw malformed('its id is not the one of its key');
    return key;
  } catch (error) {
    if (isOriginSignError(error, 'note.malformed')) throw error;
    throw new OriginSignError('note.malformed', 'The verifier key is malformed.', { cause: error });
  }
}

/** Whether `signature` (Ed25519: 64 bytes; ECDSA: DER over SHA-256) is one of this key over the text of a note. */
export function isNoteSignature(key: NoteKey, text: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  return verify(key.algorithm === 'ed25519' ? null : 'sha256', text, publicKey, signature);
}
