import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { decodeBase64url, encodeBase64 } from '@originsign/core/encoding/base64';
import { concatBytes, utf8 } from '@originsign/core/encoding/bytes';
import { sha256 } from '@originsign/core/encoding/sha256';
import { sshString, sshUint32 } from '@originsign/core/attestation/ssh-wire';

/** Types of keys that tests make. The `sk-` ones play an authenticator. */
export type TestSshKeyType =
  | 'ssh-ed25519'
  | 'ecdsa-sha2-nistp256'
  | 'ssh-rsa'
  | 'sk-ssh-ed25519@openssh.com'
  | 'sk-ecdsa-sha2-nistp256@openssh.com';

/** What of a signature may be forged. */
export interface SshForgery {
  readonly hash?: string;
  readonly algorithm?: string;
  readonly version?: number;
  readonly reserved?: string;
  readonly flags?: number;
  /** Public key that the signature names. */
  readonly blob?: Uint8Array;
}

/** An SSH key pair of a test. */
export interface TestSshKey {
  readonly type: TestSshKeyType;
  readonly blob: Uint8Array;
  /** As in a `.pub` file. */
  readonly line: string;
  /** PEM that `ssh-keygen` reads, PKCS#8; absent for Ed25519 and authenticators, which OpenSSH keeps in a form of its own. */
  readonly pem: string;
  /** SSHSIG bytes. */
  sign(namespace: string, message: Uint8Array, forgery?: SshForgery): Uint8Array;
}

/** Makes a key. RSA keys have 2,048 bits unless said otherwise. */
export function makeSshKey(type: TestSshKeyType, bits = 2048): TestSshKey {
  const privateKey = generate(type, bits);
  const blob = blobOf(type, privateKey);
  return {
    type,
    blob,
    line: `${type} ${encodeBase64(blob)} test@acme.example`,
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    sign: (namespace, message, forgery = {}) => {
      const hash = forgery.hash ?? 'sha512';
      const digest = createHash(hash).update(message).digest();
      const head = [sshString(namespace), sshString(forgery.reserved ?? ''), sshString(hash)];
      const data = concatBytes(utf8('SSHSIG'), ...head, sshString(digest));
      const signature = signatureBlob({ type, privateKey }, data, forgery);
      const version = sshUint32(forgery.version ?? 1);
      return concatBytes(utf8('SSHSIG'), version, sshString(forgery.blob ?? blob), ...head, sshString(signature));
    },
  };
}

function generate(type: TestSshKeyType, bits: number): KeyObject {
  if (type === 'ssh-rsa') return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
  if (type.includes('ed25519')) return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function blobOf(type: TestSshKeyType, key: KeyObject): Uint8Array {
  const { n = '', e = '', x = '', y = '' } = key.export({ format: 'jwk' }) as Record<string, string>;
  const application = type.startsWith('sk-') ? [sshString('ssh:')] : [];
  if (type === 'ssh-rsa') {
    return concatBytes(sshString(type), mpint(decodeBase64url(e)), mpint(decodeBase64url(n)));
  }
  if (type.includes('ed25519')) {
    return concatBytes(sshString(type), sshString(decodeBase64url(x)), ...application);
  }
  const point = concatBytes(Uint8Array.of(4), decodeBase64url(x), decodeBase64url(y));
  return concatBytes(sshString(type), sshString('nistp256'), sshString(point), ...application);
}

/** `mpint` of an unsigned number. */
export function mpint(unsigned: Uint8Array): Uint8Array {
  const start = unsigned.findIndex((byte) => byte !== 0);
  const shortest = start < 0 ? new Uint8Array() : unsigned.subarray(start);
  return sshString((shortest[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), shortest) : shortest);
}

function signatureBlob(
  { type, privateKey }: { readonly type: TestSshKeyType; readonly privateKey: KeyObject },
  data: Uint8Array,
  { algorithm, flags = 1 }: SshForgery,
): Uint8Array {
  const isRsa = type === 'ssh-rsa';
  const name = algorithm ?? (isRsa ? 'rsa-sha2-512' : type);
  const counter = sshUint32(7);
  const touch = type.startsWith('sk-') ? [Uint8Array.of(flags), counter] : [];
  const signed =
    touch.length === 0 ? data : concatBytes(sha256(utf8('ssh:')), Uint8Array.of(flags), counter, sha256(data));
  return concatBytes(sshString(name), sshString(valueOf(type, name, privateKey, signed)), ...touch);
}

function valueOf(type: TestSshKeyType, algorithm: string, key: KeyObject, data: Uint8Array): Uint8Array {
  if (type === 'ssh-rsa') {
    const hash = { 'ssh-rsa': 'sha1', 'rsa-sha2-256': 'sha256' }[algorithm] ?? 'sha512';
    return new Uint8Array(sign(hash, data, key));
  }
  if (type.includes('ed25519')) return new Uint8Array(sign(null, data, key));
  const value = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  return concatBytes(mpint(value.subarray(0, 32)), mpint(value.subarray(32)));
}
