import { utf8 } from '@originsign/core/encoding/bytes';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { Binding, Platform, SystemIdentity, TokenRules } from '@originsign/core/platforms/platform';
import type { IssuerKeys } from './issuer-keys.ts';
import type { KeySet } from './jwk-set.ts';
import type { IssuerConfig } from './key-document.ts';
import { parseToken, parseTokenPayload, type TokenParts } from './token-parts.ts';
import { checkTokenSignature, isTokenAlgorithm, type SignatureCheck } from './token-signature.ts';
import { verifyTokenTimes } from './token-times.ts';

/** A trusted build system with what is known about its platform. */
export interface TokenSystem {
  readonly config: IssuerConfig & {
    readonly maxTokenAge?: number;
    readonly serverUrl?: string;
    readonly serviceConnectionIssuer?: string;
    readonly connector?: boolean;
    readonly addresses?: readonly string[];
  };
  readonly platform: Platform;
  /** Rules of a second kind of token; those of the platform where left out. */
  readonly rules?: TokenRules;
}

/** The audiences that a token can be made for. */
interface ExpectedAudience {
  /** URL of the one request, `<server url>/v1/signing-requests/<id>`: where the platform signs what the job asks for. */
  readonly request: string;
  /** The server's URL: where the audience is fixed. */
  readonly server: string;
}

/** What verifying a token takes. */
export interface TokenContext {
  /** The configured system with exactly this issuer. */
  readonly systemByIssuer: (issuer: string) => TokenSystem | undefined;
  readonly keys: IssuerKeys;
  readonly audience: ExpectedAudience;
  readonly now: Date;
}

/** A token whose every check passed. Nothing in it is a secret. */
export interface VerifiedToken {
  readonly systemId: string;
  readonly issuer: string;
  readonly platform: Platform;
  /** What the platform needs to turn the claims into an origin. */
  readonly system: SystemIdentity & { readonly connector?: boolean; readonly addresses?: readonly string[] };
  readonly binding: Binding;
  /** Typed claims under their policy names. */
  readonly claims: Claims;
  /** The payload as the issuer signed it. */
  readonly payload: JsonObject;
  /** What may be used once: the same for every spelling of the same token. */
  readonly tokenKey: string;
  /** How many requests of one key may use it. */
  readonly uses: number;
  readonly keyId: string;
  /** SHA-256 of the key set that verified it. */
  readonly keySetHash: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly tokenSha256: string;
}

/**
 * Verifies an identity token of a CI platform. Nothing is asked of the network before the issuer is known to be one of the
 * configured ones. Throws, in the order of the checks: `token.too_large`, `token.malformed`, `token.header_forbidden`,
 * `token.alg_not_allowed`, `token.issuer_unknown`, `issuer.keys_unavailable`, `token.unknown_key`, `token.signature`,
 * `token.audience`, `token.time`, `token.claim_missing`, `token.claim_type`.
 */
export async function verifyToken(token: string, context: TokenContext): Promise<VerifiedToken> {
  const parts = parseToken(token);
  const { alg } = parts.header;
  if (!isTokenAlgorithm(alg)) throw algorithmNotAllowed();
  const system = findSystem(parts, context);
  const { config, platform } = system;
  const rules = rulesOf(system);
  if (!rules.algorithms.includes(alg)) throw algorithmNotAllowed();
  const keySet = await verifySignature(parts, alg, config, context.keys);

  // From here on only what the signature covers counts, so it is read again.
  const payload = parseTokenPayload(parts.payload);
  if (payload['iss'] !== config.issuer) throw issuerUnknown();
  verifyAudience(payload['aud'], rules, context.audience);
  const maxAge = config.maxTokenAge ?? rules.maxTokenAge;
  const times = verifyTokenTimes(payload, { maxLifetime: rules.maxTokenLifetime, maxAge }, context.now);
  return {
    systemId: config.id,
    issuer: config.issuer,
    platform,
    system: config,
    binding: rules.binding,
    claims: rules.parseClaims(payload),
    payload,
    tokenKey: oneUseKey(parts, payload, system),
    uses: rules.requestsPerToken ?? 1,
    keyId: parts.header.kid ?? '',
    keySetHash: keySet.hash,
    ...times,
    tokenSha256: parts.sha256,
  };
}

function rulesOf({ rules, platform }: TokenSystem): TokenRules {
  return rules ?? platform;
}

/** The unverified issuer selects a row of the configuration and does nothing else. */
function findSystem(parts: TokenParts, context: TokenContext): TokenSystem {
  const { iss } = parseTokenPayload(parts.payload);
  const system = typeof iss === 'string' ? context.systemByIssuer(iss) : undefined;
  // Compared again: a lookup that normalises would let an issuer pass that only resembles a configured one.
  if (system === undefined || system.config.issuer !== iss) throw issuerUnknown();
  return system;
}

async function verifySignature(
  parts: TokenParts,
  alg: Parameters<typeof checkTokenSignature>[1],
  config: IssuerConfig,
  keys: IssuerKeys,
): Promise<KeySet> {
  let check: SignatureCheck = 'unknown_key';
  const verified = await keys.resolve(config, (keySet) => {
    check = checkTokenSignature(parts, alg, keySet);
    return check === 'verified' ? keySet : undefined;
  });
  if (verified !== undefined) return verified;
  if ((check as SignatureCheck) === 'unknown_key') {
    throw new OriginSignError('token.unknown_key', 'The token names a key that its issuer does not publish.');
  }
  throw new OriginSignError('token.signature', 'The signature of the token does not verify.');
}

/** One audience, exactly the expected one: a token that others accept too could come from any of them. */
function verifyAudience(aud: unknown, rules: TokenRules, expected: ExpectedAudience): void {
  const wanted = rules.fixedAudience ?? (rules.binding === 'audience' ? expected.request : expected.server);
  const only: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (only === wanted) return;
  throw new OriginSignError('token.audience', 'The token was made for another audience.', {
    details: { expected: wanted },
  });
}

/**
 * Issuer and `jti`, or the hash of the signing input where the platform sends no `jti`. Not of the whole token: the last
 * character of a signature has unused bits and an ES256 signature has a twin, so one token has several spellings.
 */
function oneUseKey(parts: TokenParts, payload: JsonObject, system: TokenSystem): string {
  const { config } = system;
  if (!rulesOf(system).hasJti) return `input:${sha256Hex(parts.signingInput)}`;
  const { jti } = payload;
  if (jti === undefined || jti === '')
    throw new OriginSignError('token.claim_missing', 'The token lacks the claim jti.');
  if (typeof jti !== 'string') throw new OriginSignError('token.claim_type', 'The claim jti is not a string.');
  return `jti:${sha256Hex(utf8(`${config.issuer}\n${jti}`))}`;
}

function issuerUnknown(): OriginSignError {
  return new OriginSignError('token.issuer_unknown', 'The token comes from an issuer that this server does not trust.');
}

function algorithmNotAllowed(): OriginSignError {
  return new OriginSignError('token.alg_not_allowed', 'The token uses an algorithm that is not allowed.');
}
