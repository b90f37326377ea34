import { encodeBase64 } from '../../encoding/base64.ts';
import { concatBytes, utf8, utf8Text } from '../../encoding/bytes.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { sha256 } from '../../encoding/sha256.ts';
import { OriginSignError } from '../../errors/error.ts';
import { keyTypeOf } from '../../x509/key-type.ts';

/** What a `.minisig` file says. */
export interface MinisignSignature {
  /** `ED`: over the BLAKE2b-512 of the file; `Ed`: over the file. */
  readonly algorithm: 'ED' | 'Ed';
  /** 8 bytes by which minisign finds out that it has another key. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
  readonly trustedComment: string;
  /** Over the signature and the trusted comment. */
  readonly globalSignature: Uint8Array;
}

const UNTRUSTED = 'untrusted comment: ';
const TRUSTED = 'trusted comment: ';
/** Limits of minisign 0.11 for the two lines. */
const MAX_UNTRUSTED = 1024;
const MAX_TRUSTED = 8192;
const MAX_FILE = 16 * 1024;

/** Identifier of a key: the first 8 bytes of the SHA-256 of its DER SubjectPublicKeyInfo, since any 8 bytes would do. */
export function minisignKeyId(spki: Uint8Array): Uint8Array {
  return sha256(spki).subarray(0, 8);
}

/** The identifier as minisign shows it: a little-endian number in hexadecimal. */
export function keyIdText(keyId: Uint8Array): string {
  return encodeHex(Uint8Array.from(keyId).reverse()).toUpperCase();
}

/** The public key file that `minisign -p` reads, for a DER SubjectPublicKeyInfo. Throws `format.key_type` for other keys than Ed25519. */
export function minisignPublicKey(spki: Uint8Array): string {
  if (keyTypeOf(spki) !== 'ed25519') {
    throw new OriginSignError('format.key_type', 'Only Ed25519 keys have a public key for minisign.');
  }
  const keyId = minisignKeyId(spki);
  // RFC 8410: the key is the end of its SubjectPublicKeyInfo.
  const key = encodeBase64(concatBytes(utf8('Ed'), keyId, spki.subarray(-32)));
  return `${UNTRUSTED}minisign public key ${keyIdText(keyId)}\n${key}\n`;
}

/** The bytes of the second signature. */
export function globalMessage(signature: Uint8Array, trustedComment: string): Uint8Array {
  return concatBytes(signature, utf8(trustedComment));
}

/** The four lines of a `.minisig` file. */
export function formatMinisign(parts: MinisignSignature): Uint8Array {
  const { algorithm, keyId, signature, trustedComment, globalSignature } = parts;
  return utf8(
    `${UNTRUSTED}signature of the minisign key ${keyIdText(keyId)}\n` +
      `${encodeBase64(concatBytes(utf8(algorithm), keyId, signature))}\n` +
      `${TRUSTED}${trustedComment}\n${encodeBase64(globalSignature)}\n`,
  );
}

/** Reads a `.minisig` file. Throws `verify.signature` for anything but its four lines. */
export function parseMinisign(bytes: Uint8Array): MinisignSignature {
  const [untrusted = '', first = '', trusted = '', second = '', ...rest] = linesOf(bytes);
  if (rest.length !== 1 || rest[0] !== '') throw refused('does not have four lines');
  if (!untrusted.startsWith(UNTRUSTED) || untrusted.length > MAX_UNTRUSTED) throw refused('has no untrusted comment');
  if (!trusted.startsWith(TRUSTED) || trusted.length > MAX_TRUSTED) throw refused('has no trusted comment');
  const signature = decoded(first, 74);
  const algorithm = String.fromCharCode(...signature.subarray(0, 2));
  if (algorithm !== 'ED' && algorithm !== 'Ed') throw refused('is of an unknown kind');
  return {
    algorithm,
    keyId: signature.subarray(2, 10),
    signature: signature.subarray(10),
    trustedComment: trusted.slice(TRUSTED.length),
    globalSignature: decoded(second, 64),
  };
}

function linesOf(bytes: Uint8Array): readonly string[] {
  if (bytes.length > MAX_FILE) throw refused('is too large');
  try {
    const text = utf8Text(bytes);
    // Other characters could make a terminal show another comment than the one that was signed.
    if (/[^\P{C}\n\t]/u.test(text)) throw refused('has control characters');
    return text.split('\n');
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw refused('is no text');
  }
}

function decoded(line: string, length: number): Uint8Array {
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(line) ? new Uint8Array(Buffer.from(line, 'base64')) : new Uint8Array();
  if (bytes.length === length && encodeBase64(bytes) === line) return bytes;
  throw refused(`has a line that is not ${length} bytes in base64`);
}

function refused(what: string): OriginSignError {
  return new OriginSignError('verify.signature', `The minisign signature ${what}.`);
}
