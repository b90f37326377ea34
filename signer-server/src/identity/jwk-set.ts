import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64url } from '@originsign/core/encoding/base64';
import type { Json, JsonObject } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';

/** Most keys in one set: real issuers have two to five. */
export const MAX_KEYS = 32;

/** A JWS algorithm that a key of a set can be used with. */
export type TokenAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

/** One public key of an issuer. */
export interface IssuerKey {
  readonly kid: string;
  readonly algorithms: readonly TokenAlgorithm[];
  readonly key: KeyObject;
}

/** A key that is not used, and why. Operators see it; it never stops the others. */
interface IgnoredKey {
  /** Position in the set. */
  readonly position: number;
  readonly reason: string;
}

/** The usable keys of an issuer at one time. */
export interface KeySet {
  readonly keys: ReadonlyMap<string, IssuerKey>;
  readonly ignored: readonly IgnoredKey[];
  /** SHA-256 of the body, lower-case hexadecimal: names this very set in log entries. */
  readonly hash: string;
  /** The document as it was served. */
  readonly body: Uint8Array;
}

/**
 * Reads a JWK Set (RFC 7517). Keys that are weak, malformed, symmetric or share their `kid` are ignored and reported. Throws
 * `issuer.keys_unavailable` where the document is no key set, has more than {@link MAX_KEYS} keys, or none that is usable.
 */
export function parseKeySet(body: Uint8Array): KeySet {
  const entries = keyEntries(body);
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const kid = kidOf(entry);
    if (kid !== undefined) counts.set(kid, (counts.get(kid) ?? 0) + 1);
  }
  const keys = new Map<string, IssuerKey>();
  const ignored: IgnoredKey[] = [];
  for (const [position, entry] of entries.entries()) {
    const key = parseKey(entry);
    // Which of two keys of one name is meant would be decided by their order.
    const reason = typeof key === 'string' ? key : counts.get(key.kid) === 1 ? undefined : 'another key has its kid';
    if (reason !== undefined) ignored.push({ position, reason });
    else if (typeof key !== 'string') keys.set(key.kid, key);
  }
  if (keys.size === 0) throw unusable('it has no usable key');
  return { keys, ignored, hash: sha256Hex(body), body };
}

function keyEntries(body: Uint8Array): readonly Json[] {
  let value: Json;
  try {
    value = parseStrictJson(body);
  } catch (cause) {
    throw unusable('it is not strict JSON', cause);
  }
  const keys = isJsonObject(value) ? value['keys'] : undefined;
  if (!Array.isArray(keys)) throw unusable('it has no list of keys');
  if (keys.length > MAX_KEYS) throw unusable(`it has more than ${MAX_KEYS} keys`);
  return keys as readonly Json[];
}

function kidOf(entry: Json): string | undefined {
  const kid = isJsonObject(entry) ? entry['kid'] : undefined;
  return typeof kid === 'string' ? kid : undefined;
}

/** The key, or why it is not used. */
function parseKey(entry: Json): IssuerKey | string {
  const kid = kidOf(entry);
  if (!isJsonObject(entry) || kid === undefined) return 'it has no kid';
  const { use, key_ops: operations, alg } = entry;
  if (use !== undefined && use !== 'sig') return 'it is not for signatures';
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'it is not for verifying';
  }
  const parsed = parseKeyMaterial(entry);
  if (typeof parsed === 'string') return parsed;
  const algorithms = parsed.algorithms.filter((algorithm) => alg === undefined || alg === algorithm);
  return algorithms.length === 0 ? 'it is for another algorithm' : { kid, key: parsed.key, algorithms };
}

type KeyMaterial = Pick<IssuerKey, 'algorithms' | 'key'>;

function parseKeyMaterial(jwk: JsonObject): KeyMaterial | string {
  const { kty, crv } = jwk;
  if (kty === 'RSA') return rsaProblem(jwk) ?? imported(jwk, ['n', 'e'], ['RS256', 'PS256']);
  if (kty === 'EC' && crv === 'P-256') return imported(jwk, ['crv', 'x', 'y'], ['ES256']);
  if (kty === 'OKP' && crv === 'Ed25519') return imported(jwk, ['crv', 'x'], ['EdDSA']);
  return 'its type is not accepted';
}

function rsaProblem({ n, e }: JsonObject): string | undefined {
  const modulus = unsignedInteger(n);
  const exponent = unsignedInteger(e);
  if (modulus === undefined || exponent === undefined) return 'it is malformed';
  const bits = modulus.toString(2).length;
  if (bits < 2048 || bits > 8192) return `its modulus has ${bits} bits`;
  // With e = 1 every message is its own signature; an even exponent has no inverse; a huge one costs time.
  if (exponent < 3n || exponent % 2n === 0n || exponent >= 1n << 33n) return 'its exponent is not accepted';
  return undefined;
}

function unsignedInteger(value: Json | undefined): bigint | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return BigInt(`0x0${Buffer.from(decodeBase64url(value)).toString('hex')}`);
  } catch {
    return undefined;
  }
}

/** Only the named members: a private part or a certificate in the set stays out of the key. */
function imported(
  jwk: JsonObject,
  members: readonly string[],
  algorithms: readonly TokenAlgorithm[],
): KeyMaterial | string {
  const picked = Object.fromEntries(['kty', ...members].map((member) => [member, jwk[member]]));
  if (!members.every((member) => typeof picked[member] === 'string')) return 'it is malformed';
  try {
    return { key: createPublicKey({ key: picked as JsonWebKeyInput, format: 'jwk' }), algorithms };
  } catch {
    return 'it is malformed';
  }
}

type JsonWebKeyInput = Record<string, string>;

function unusable(what: string, cause?: unknown): OriginSignError {
  const message = `The key set of the issuer cannot be used: ${what}.`;
  return new OriginSignError('issuer.keys_unavailable', message, cause === undefined ? {} : { cause });
}
