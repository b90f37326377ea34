import { createHash, verify } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { concatBytes, equalBytes, utf8 } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { OriginSignError } from '../errors/error.ts';
import { parseSshPublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { malformedSsh, SshReader, sshString, sshUint32 } from './ssh-wire.ts';

/** An SSH signature over a message, taken apart and not checked yet. OpenSSH PROTOCOL.sshsig. */
export interface SshSignature {
  /** The key that claims to have signed; whose it is has to be known from elsewhere. */
  readonly key: SshPublicKey;
  /** What the signature was made for: one for a commit or a mail says nothing about a request. */
  readonly namespace: string;
  readonly hash: 'sha256' | 'sha512';
  readonly algorithm: string;
  readonly value: Uint8Array;
  /** What an authenticator adds. */
  readonly touch?: { readonly flags: number; readonly counter: number };
}

const MAGIC = utf8('SSHSIG');
const VERSION = 1;
const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,76}\n){1,200})-----END SSH SIGNATURE-----\n?$/;
const MAX_SIGNATURE = 8192;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/** The bytes of an armored signature, as `ssh-keygen -Y sign` prints it. Throws `ssh.malformed`. */
export function unarmorSshSignature(text: string): Uint8Array {
  const base64 = text.length > 2 * MAX_SIGNATURE ? undefined : ARMOR.exec(text)?.[1];
  if (base64 === undefined) throw malformedSsh('expected a block "BEGIN SSH SIGNATURE"');
  try {
    return decodeBase64(base64.replaceAll('\n', ''));
  } catch (cause) {
    throw malformedSsh('the block is not canonical base64', cause);
  }
}

/** The armored form that `ssh-keygen -Y verify` reads. */
export function armorSshSignature(bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,70}/g) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}

/** Takes a signature apart: every field in its one spelling and nothing after the last. Throws `ssh.malformed`. */
export function parseSshSignature(bytes: Uint8Array): SshSignature {
  if (bytes.length > MAX_SIGNATURE) throw malformedSsh('the signature is too large');
  const reader = new SshReader(bytes);
  if (!equalBytes(reader.take(MAGIC.length), MAGIC)) throw malformedSsh('it does not begin with SSHSIG');
  if (reader.uint32() !== VERSION) throw malformedSsh('its version is not known');
  const key = parseSshPublicKey(reader.string());
  const namespace = reader.text();
  if (namespace === '') throw malformedSsh('it has no namespace');
  if (reader.string().length > 0) throw malformedSsh('its reserved field is used');
  const hash = reader.text();
  if (hash !== 'sha256' && hash !== 'sha512') throw malformedSsh('its hash is neither sha256 nor sha512');
  const inner = new SshReader(reader.string());
  reader.end();
  const algorithm = inner.text();
  const value = inner.string();
  const touch =
    key.application === undefined ? {} : { touch: { flags: inner.take(1)[0] ?? 0, counter: inner.uint32() } };
  inner.end();
  return { key, namespace, hash, algorithm, value, ...touch };
}

/**
 * Verifies a signature over the message for one purpose. That `key` is one to be trusted is for the caller to know. Throws
 * `ssh.signature`.
 */
export function verifySshSignature(signature: SshSignature, namespace: string, message: Uint8Array): void {
  // First of all: whoever can have other things signed by a person must not be able to use that here.
  if (signature.namespace !== namespace) throw refused(`it was made for another purpose than ${namespace}`);
  const digest = new Uint8Array(createHash(signature.hash).update(message).digest());
  const data = concatBytes(MAGIC, sshString(namespace), sshString(''), sshString(signature.hash), sshString(digest));
  if (!isSignature(signature, data)) throw refused('it does not verify');
}

function isSignature(signature: SshSignature, data: Uint8Array): boolean {
  const { key, algorithm, value, touch } = signature;
  if (key.type === 'ssh-rsa') return isRsaSignature(signature, data);
  // The algorithm of a signature never decides what is checked; the key does.
  if (algorithm !== key.type) throw refused('its algorithm is not that of its key');
  const signed = touch === undefined ? data : authenticatorData(key, touch, data);
  if (key.type === 'ssh-ed25519' || key.type === 'sk-ssh-ed25519@openssh.com') {
    return value.length === 64 && verify(null, signed, key.key, value);
  }
  return verify('sha256', signed, { key: key.key, dsaEncoding: 'ieee-p1363' }, ecdsaValue(value));
}

/** RSASSA-PKCS1-v1_5 with SHA-2 (RFC 8332); `ssh-rsa` as an algorithm would be SHA-1. */
function isRsaSignature({ key, algorithm, value }: SshSignature, data: Uint8Array): boolean {
  const hash = algorithm === 'rsa-sha2-512' ? 'sha512' : algorithm === 'rsa-sha2-256' ? 'sha256' : undefined;
  if (hash === undefined) throw refused('its algorithm is not that of its key');
  return value.length === key.modulusLength && verify(hash, data, key.key, value);
}

/** r || s of two mpints, RFC 5656 section 3.1.2. */
function ecdsaValue(value: Uint8Array): Uint8Array {
  const reader = new SshReader(value);
  const parts = [reader.positive(), reader.positive()];
  reader.end();
  const joined = new Uint8Array(64);
  for (const [index, part] of parts.entries()) {
    if (part.length > 32) throw refused('it has a number too large for its curve');
    joined.set(part, 32 * (index + 1) - part.length);
  }
  return joined;
}

/** What an authenticator signs: OpenSSH PROTOCOL.u2f. A person must have touched it, or whoever owns the machine approves alone. */
function authenticatorData(
  { application = '' }: SshPublicKey,
  { flags, counter }: NonNullable<SshSignature['touch']>,
  data: Uint8Array,
): Uint8Array {
  if ((flags & USER_PRESENT) === 0) throw refused('nobody touched the authenticator');
  if ((flags & ~(USER_PRESENT | USER_VERIFIED)) !== 0) throw refused('the authenticator set unknown flags');
  return concatBytes(sha256(utf8(application)), Uint8Array.of(flags), sshUint32(counter), sha256(data));
}

function refused(what: string): OriginSignError {
  return new OriginSignError('ssh.signature', `The SSH signature is refused: ${what}.`);
}
