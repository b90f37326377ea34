import { OriginSignError } from '../errors/error.ts';
import { isJsonObject } from '../encoding/strict-json.ts';

/** A claim as policies see it. */
export type ClaimValue = string | number | boolean | readonly string[];

/** Claims under their policy names (`github.ref`), typed by their schema. An absent claim is an absent key. */
export type Claims = Readonly<Record<string, ClaimValue>>;

/** How the text of a claim must be spelled, beyond its type. */
export type ClaimSpelling = 'digits' | 'commit' | 'repository' | 'uuid' | 'braced-uuid' | 'distinguished-name';

/** What is known about one claim of a platform. */
export interface ClaimSchema {
  /** The platform's own name, without the prefix. */
  readonly name: string;
  /** A `list` is one of texts. */
  readonly type: 'string' | 'integer' | 'boolean' | 'list';
  /** Required claims are in every token; a token without one is refused before policy. */
  readonly required: boolean;
  /** Whoever can start a run chooses the value: alone it proves nothing. */
  readonly userControlled: boolean;
  readonly description: string;
  /** Who says it: the token where left out, the service-connection token, or the platform's API that the server asks. */
  readonly source?: 'token' | 'connection' | 'connector';
  readonly spelling?: ClaimSpelling;
  /** The values that the platform documents. Policies may name no other; tokens may carry new ones. */
  readonly values?: readonly string[];
  /** Computed by us from this claim of the token. */
  readonly derivedFrom?: string;
}

const SPELLINGS: Readonly<Record<ClaimSpelling, { readonly pattern: RegExp; readonly words: string }>> = {
  digits: { pattern: /^(?:0|[1-9][0-9]{0,19})$/, words: 'a number written in quotes' },
  commit: { pattern: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, words: 'a full commit id in lower-case hexadecimal' },
  // Read by the x509 room; here only what no reader takes is refused.
  'distinguished-name': { pattern: /^[^=]+=/, words: 'a distinguished name such as CN=build-01,OU=Build' },
  uuid: {
    pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    words: 'a GUID in lower-case letters',
  },
  'braced-uuid': {
    pattern: /^\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}$/,
    words: 'a UUID in lower-case letters and in braces',
  },
  repository: { pattern: /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, words: 'written owner/name' },
};

/** Longer texts are in no claim of any platform, and matching them costs time. */
const MAX_CLAIM_LENGTH = 4096;

/** True where the text has the spelling that the claim always has. */
export function isSpelled(schema: ClaimSchema, text: string): boolean {
  return schema.spelling === undefined || SPELLINGS[schema.spelling].pattern.test(text);
}

/** The spelling of a claim in words, for messages: "a number written in quotes". */
export function spellingWords(schema: ClaimSchema): string | undefined {
  return schema.spelling === undefined ? undefined : SPELLINGS[schema.spelling].words;
}

/**
 * Typed values of the claims of a platform that sends every claim as a JSON string: "true" becomes `true`, "2" becomes 2.
 * Names get the prefix; an empty string counts as absent; claims without a schema are left out, so that no policy can use
 * them before somebody has described them. Throws `token.claim_missing` and `token.claim_type`; messages name the claim and
 * never its value.
 */
export function parseStringClaims(payload: unknown, prefix: string, schemas: readonly ClaimSchema[]): Claims {
  return parseClaims(payload, prefix, schemas, parseStringClaim);
}

/**
 * Typed values of the claims of a platform whose tokens use the types of JSON. Everything else is as with
 * {@link parseStringClaims}.
 */
export function parseTypedClaims(payload: unknown, prefix: string, schemas: readonly ClaimSchema[]): Claims {
  return parseClaims(payload, prefix, schemas, parseTypedClaim);
}

function parseClaims(
  payload: unknown,
  prefix: string,
  schemas: readonly ClaimSchema[],
  parse: (raw: unknown, schema: ClaimSchema) => ClaimValue,
): Claims {
  if (!isJsonObject(payload)) throw new OriginSignError('token.claim_type', 'The token payload is not a JSON object.');
  const claims: Record<string, ClaimValue> = {};
  for (const schema of schemas.filter(isInToken)) {
    const raw = Object.hasOwn(payload, schema.name) ? payload[schema.name] : undefined;
    if (raw === undefined || raw === '') {
      if (schema.required) throw missingClaim(schema.name);
    } else {
      claims[`${prefix}.${schema.name}`] = parse(raw, schema);
    }
  }
  return claims;
}

function isInToken({ derivedFrom, source }: ClaimSchema): boolean {
  return derivedFrom === undefined && (source === undefined || source === 'token');
}

function parseTypedClaim(raw: unknown, schema: ClaimSchema): ClaimValue {
  switch (schema.type) {
    case 'boolean':
      if (typeof raw !== 'boolean') throw claimType(schema.name, 'a JSON boolean');
      return raw;
    case 'integer':
      if (typeof raw !== 'number' || !Number.isSafeInteger(raw) || raw < 0) {
        throw claimType(schema.name, 'a whole JSON number');
      }
      return raw;
    case 'list':
      if (!Array.isArray(raw)) throw claimType(schema.name, 'a JSON list');
      return raw.map((item) => checkedText(item, schema));
    case 'string':
      return checkedText(raw, schema);
  }
}

function parseStringClaim(raw: unknown, schema: ClaimSchema): ClaimValue {
  if (typeof raw !== 'string') throw claimType(schema.name, 'a JSON string');
  switch (schema.type) {
    case 'boolean':
      if (raw !== 'true' && raw !== 'false') throw claimType(schema.name, '"true" or "false"');
      return raw === 'true';
    case 'integer': {
      const value = /^(?:0|[1-9][0-9]{0,15})$/.test(raw) ? Number(raw) : Number.NaN;
      if (!Number.isSafeInteger(value)) throw claimType(schema.name, 'a whole number in plain digits');
      return value;
    }
    case 'list':
      return raw.split(',').map((item) => checkedText(item, schema));
    case 'string':
      return checkedText(raw, schema);
  }
}

function checkedText(raw: unknown, schema: ClaimSchema): string {
  if (typeof raw !== 'string') throw claimType(schema.name, 'a JSON string');
  if (raw.length > MAX_CLAIM_LENGTH) throw claimType(schema.name, 'text of a reasonable length');
  // A control character could forge lines in logs and terminals.
  if (/[\u0000-\u001f\u007f-\u009f]/.test(raw) || !isSpelled(schema, raw)) {
    throw claimType(schema.name, spellingWords(schema) ?? 'text without control characters');
  }
  return raw;
}

/** The refusal of a token without a claim that its platform always sends. */
export function missingClaim(name: string): OriginSignError {
  return new OriginSignError('token.claim_missing', `The token lacks the claim ${name}.`, { details: { claim: name } });
}

/** The refusal of a claim whose value is not what the platform documents. */
export function claimType(name: string, expected: string): OriginSignError {
  return new OriginSignError('token.claim_type', `The claim ${name} is not ${expected}.`, { details: { claim: name } });
}
