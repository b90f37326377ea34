import { decodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';

/** Longest token in characters. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

/** Header of a token: nothing in it may say where a key is or change how the token is read. */
interface TokenHeader {
  readonly alg: string;
  readonly kid?: string;
}

/** A compact JWS taken apart, nothing verified. RFC 7515 section 7.1. */
export interface TokenParts {
  readonly header: TokenHeader;
  /** Exact payload bytes. */
  readonly payload: Uint8Array;
  /** The bytes that the signature covers. */
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
  /** SHA-256 of the whole token, lower-case hexadecimal. */
  readonly sha256: string;
}

/** `x5t` is only a hint which certificate holds the key; issuers send it and nothing here reads it. */
const ALLOWED_HEADER: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'x5t']);

/**
 * Takes a token apart. Throws `token.too_large`, `token.malformed` (not exactly three canonical base64url parts, header not
 * strict JSON) or `token.header_forbidden` (`crit`, `b64`, `jku`, `jwk`, `x5u`, `x5c`, `zip`, anything else unknown).
 */
export function parseToken(token: string): TokenParts {
  if (token.length > MAX_TOKEN_LENGTH) {
    throw new OriginSignError('token.too_large', `The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  }
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  // Counted before splitting: a token of dots would otherwise become a list of millions of empty strings.
  if (first < 1 || second <= first + 1 || second === token.length - 1 || token.includes('.', second + 1)) {
    throw malformed('it does not have three parts');
  }
  return {
    header: parseHeader(decodePart(token.slice(0, first))),
    payload: decodePart(token.slice(first + 1, second)),
    signingInput: utf8(token.slice(0, second)),
    signature: decodePart(token.slice(second + 1)),
    sha256: sha256Hex(utf8(token)),
  };
}

/** The payload as a JSON object. Throws `token.malformed`; a key twice is refused, since two readers would read two values. */
export function parseTokenPayload(payload: Uint8Array): JsonObject {
  return strictObject(payload, 'payload');
}

function parseHeader(bytes: Uint8Array): TokenHeader {
  const header = strictObject(bytes, 'header');
  const forbidden = Object.keys(header).find((name) => !ALLOWED_HEADER.has(name));
  if (forbidden !== undefined) {
    throw new OriginSignError('token.header_forbidden', 'The token header has a parameter that is not allowed.');
  }
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string') throw malformed('the header names no algorithm');
  if (typ !== undefined && (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT')) {
    throw new OriginSignError('token.header_forbidden', 'The token is of another type than JWT.');
  }
  if (kid !== undefined && typeof kid !== 'string') throw malformed('the key id is not a string');
  return { alg, ...(kid === undefined ? {} : { kid }) };
}

function decodePart(part: string): Uint8Array {
  try {
    return decodeBase64url(part);
  } catch {
    throw malformed('a part is not canonical base64url');
  }
}

function strictObject(bytes: Uint8Array, what: string): JsonObject {
  try {
    const value = parseStrictJson(bytes, { maxDepth: 16 });
    if (isJsonObject(value)) return value;
  } catch (error) {
    // The code alone: a message of the parser could show a member name that the token chose.
    throw malformed(`the ${what} is not strict JSON${isOriginSignError(error) ? ` (${error.code})` : ''}`);
  }
  throw malformed(`the ${what} is not a JSON object`);
}

function malformed(what: string): OriginSignError {
  return new OriginSignError('token.malformed', `The token is malformed: ${what}.`);
}
