import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64, encodeBase64url } from '../encoding/base64.ts';
import { sha256 } from '../encoding/sha256.ts';
import { malformedSsh, SshReader } from './ssh-wire.ts';

/** Types of SSH keys that may approve. Names are those of OpenSSH; `sk-` keys live in a FIDO authenticator. */
export const SSH_KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;

/** One of {@link SSH_KEY_TYPES}. */
export type SshKeyType = (typeof SSH_KEY_TYPES)[number];

/** A public key. */
export interface SshPublicKey {
  readonly type: SshKeyType;
  /** The key in SSH's own spelling, of which there is one. */
  readonly blob: Uint8Array;
  /** `SHA256:` and 43 characters, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  readonly key: KeyObject;
  /** Bytes of an RSA modulus, and thus of its signatures. */
  readonly modulusLength?: number;
  /** What an authenticator keeps the key for, `ssh:` as a rule. */
  readonly application?: string;
}

const MAX_BLOB = 2048;
const POINT_LENGTH = 65;

/**
 * Reads the blob of a public key: Ed25519 (RFC 8709), P-256 (RFC 5656), RSA of 2,048 to 8,192 bits (RFC 4253 section 6.6), and
 * the first two in an authenticator (OpenSSH PROTOCOL.u2f). Throws `ssh.malformed` for anything else.
 */
export function parseSshPublicKey(blob: Uint8Array): SshPublicKey {
  if (blob.length > MAX_BLOB) throw malformedSsh('the key is too large');
  const reader = new SshReader(blob);
  const name = reader.text();
  const type = SSH_KEY_TYPES.find((known) => known === name);
  if (type === undefined) throw malformedSsh(`keys of the type ${name.slice(0, 64)} are not taken`);
  const parts = readParts(type, reader);
  reader.end();
  const fingerprint = `SHA256:${encodeBase64(sha256(blob)).replace(/=+$/, '')}`;
  const { jwk, ...rest } = parts;
  return { type, blob: new Uint8Array(blob), fingerprint, key: imported(jwk), ...rest };
}

/** Reads a line as it stands in a `.pub` file: type, base64 and a comment that means nothing. Throws `ssh.malformed`. */
export function parseSshPublicKeyLine(line: string): SshPublicKey {
  const [, type, base64] = /^([a-z0-9@.-]{1,64}) ([A-Za-z0-9+/]{1,4096}={0,2})(?: [\x20-\x7e]*)?$/.exec(line) ?? [];
  if (type === undefined || base64 === undefined) throw malformedSsh('expected a line "<type> <base64> <comment>"');
  let blob: Uint8Array;
  try {
    blob = decodeBase64(base64);
  } catch (cause) {
    throw malformedSsh('the key is not canonical base64', cause);
  }
  const key = parseSshPublicKey(blob);
  if (key.type !== type) throw malformedSsh('the line names another type than its key');
  return key;
}

type KeyParts = Pick<SshPublicKey, 'modulusLength' | 'application'> & { readonly jwk: JsonWebKey };

function readParts(type: SshKeyType, reader: SshReader): KeyParts {
  switch (type) {
    case 'ssh-ed25519':
      return { jwk: ed25519Jwk(reader) };
    case 'ecdsa-sha2-nistp256':
      return { jwk: p256Jwk(reader) };
    case 'ssh-rsa':
      return rsaParts(reader);
    case 'sk-ssh-ed25519@openssh.com':
      return { jwk: ed25519Jwk(reader), application: application(reader) };
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return { jwk: p256Jwk(reader), application: application(reader) };
  }
}

function ed25519Jwk(reader: SshReader): JsonWebKey {
  const x = reader.string();
  if (x.length !== 32) throw malformedSsh('an Ed25519 key has 32 bytes');
  return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(x) };
}

function p256Jwk(reader: SshReader): JsonWebKey {
  if (reader.text() !== 'nistp256') throw malformedSsh('the curve is not nistp256');
  const point = reader.string();
  if (point.length !== POINT_LENGTH || point[0] !== 4) throw malformedSsh('the point is not an uncompressed one');
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
  };
}

function rsaParts(reader: SshReader): KeyParts {
  const exponent = reader.positive();
  const modulus = reader.positive();
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048 || bits > 8192) throw malformedSsh(`an RSA key has 2048 to 8192 bits, not ${bits}`);
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!isOdd || exponent.length > 4 || Number(Buffer.from(exponent).readUIntBE(0, exponent.length)) < 65537) {
    throw malformedSsh('the exponent of an RSA key is odd, at least 65537, and not huge');
  }
  const jwk = { kty: 'RSA', n: encodeBase64url(modulus), e: encodeBase64url(exponent) };
  return { jwk, modulusLength: modulus.length };
}

/** Authenticators keep keys for web sites apart from those for SSH by this name: a page must not be able to make an approval. */
function application(reader: SshReader): string {
  const text = reader.text();
  if (!/^ssh:[\x21-\x7e]{0,128}$/.test(text)) throw malformedSsh('the key of the authenticator is not one for SSH');
  return text;
}

function imported(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw malformedSsh('the key is none', cause);
  }
}
