import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { sha256 } from '../encoding/sha256.ts';
import { OriginSignError } from '../errors/error.ts';
import { shapeReader } from './shape.ts';

/** Public half of the key that a client makes for one signing request. RFC 7517 with exactly these members. */
export interface OneUseJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  /** 32 bytes, base64url. */
  readonly x: string;
  /** 32 bytes, base64url. */
  readonly y: string;
}

const shape = shapeReader('statement.malformed', 'one-use key');
const COORDINATE_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Reads a one-use public key: exactly `kty`, `crv`, `x` and `y`, coordinates canonical and of full length, the point on the
 * curve. Throws `statement.malformed`.
 */
export function parseOneUseJwk(value: unknown, path = 'key'): OneUseJwk {
  const object = shape.object(value, path, ['kty', 'crv', 'x', 'y']);
  if (object['kty'] !== 'EC' || object['crv'] !== 'P-256') throw shape.fail(path, 'expected an EC key on P-256');
  const jwk: OneUseJwk = {
    kty: 'EC',
    crv: 'P-256',
    x: coordinate(object['x'], `${path}.x`),
    y: coordinate(object['y'], `${path}.y`),
  };
  importOneUseKey(jwk);
  return jwk;
}

function coordinate(value: unknown, path: string): string {
  const text = shape.text(value, path, /^[A-Za-z0-9_-]{43}$/);
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64url(text);
  } catch (cause) {
    throw new OriginSignError('statement.malformed', `The one-use key is malformed at ${path}.`, { cause });
  }
  if (bytes.length !== COORDINATE_BYTES) throw shape.fail(path, 'expected 32 bytes');
  return text;
}

/** The public key as Node's crypto takes it. Throws `statement.malformed` where the point is not on the curve. */
export function importOneUseKey(jwk: OneUseJwk): KeyObject {
  try {
    return createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
  } catch (cause) {
    throw new OriginSignError('statement.malformed', 'The one-use key is not a point on P-256.', { cause });
  }
}

/** The public half of a key pair on P-256. Throws `statement.malformed` for other keys. */
export function oneUseJwk(key: KeyObject): OneUseJwk {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  return parseOneUseJwk({ kty, crv, x, y });
}

/** RFC 7638 thumbprint, base64url(SHA-256), 43 characters: the `keyid` of envelope and request signature. */
export function jwkThumbprint(jwk: OneUseJwk): string {
  return encodeBase64url(sha256(utf8(canonicalJson({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))));
}

/** ES256 (RFC 7518 section 3.4): ECDSA on P-256 with SHA-256, as 64 bytes r || s. */
export function signEs256(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
}

/** True where the signature is exactly 64 bytes r || s and verifies. */
export function isEs256Signature(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}
