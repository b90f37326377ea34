import { decodeBase64url } from '@originsign/core/encoding/base64';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { isJsonObject, tryStrictJson } from '@originsign/core/encoding/strict-json';

/** Header and claims of an identity token, unverified: for people who want to know what they have. */
export interface TokenText {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Reads an identity token; `undefined` for anything else, static tokens included. */
export function readToken(token: string): TokenText | undefined {
  const [header, claims] = token.split('.').map(tryPart);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

function tryPart(part: string): JsonObject | undefined {
  try {
    const document = tryStrictJson(decodeBase64url(part));
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Members that say how the token was made, which other rows tell, or that name one token for good. */
const ELSEWHERE: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'iat', 'nbf', 'jti']);

/** Claims that a policy could look at, as the token spells them. Empty ones are left out. */
export function claimFacts(claims: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(claims)
    .filter(([name, value]) => !ELSEWHERE.has(name) && value !== '' && value !== null)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

/** The audiences of a token. */
export function audiencesOf(claims: JsonObject): readonly string[] {
  const { aud } = claims;
  return (Array.isArray(aud) ? (aud as readonly unknown[]) : [aud]).filter((one) => typeof one === 'string');
}
