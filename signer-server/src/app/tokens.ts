import { isInNetworks } from '@originsign/core/encoding/network';
import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { Platform, SystemIdentity } from '@originsign/core/platforms/platform';
import { STATIC_TOKEN, STATIC_TOKEN_PREFIX } from '@originsign/core/platforms/static-token';
import { OriginSignError } from '@originsign/core/errors/error';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { verifyStaticToken } from '../identity/static-token.ts';
import { verifyServiceConnection } from '../identity/verify-pair.ts';
import { type TokenContext, type VerifiedToken, verifyToken } from '../identity/verify-token.ts';
import type { Context } from './context.ts';

/** A verified token with the text that came, which is for the sealed evidence and nothing else. */
export interface UsedToken {
  readonly kind: 'token.ci' | 'token.service_connection';
  readonly raw: string;
  /** What is used up; a static token has none. */
  readonly tokenKey?: string;
  /** How often it may be used, by the key that owns it; once where left out. */
  readonly uses?: number;
  readonly sha256: string;
  /** SHA-256 of the key set that verified it; a static token was signed by nobody. */
  readonly keySetHash?: string;
  readonly expiresAt: Date;
}

/** What the tokens of a request prove together. */
export interface Presented {
  readonly tokens: readonly UsedToken[];
  readonly platform: Platform;
  readonly system: SystemIdentity & { readonly connector?: boolean };
  readonly claims: Claims;
  readonly issuedAt: Date;
  /** The only project that the token may ask for, where it is bound to one. */
  readonly project?: string;
}

/** Verifies every token of a request. Throws `token.*`, `issuer.*`, `request.malformed`. */
export async function verifyTokens(
  context: Context,
  tokens: { readonly ci: string; readonly serviceConnection?: string | undefined },
  call: ReceivedCall,
  audience: TokenContext['audience'],
): Promise<Presented> {
  if (tokens.ci.startsWith(STATIC_TOKEN_PREFIX)) return presentStatic(context, tokens, call);
  const { systemByIssuer } = context.policies();
  const tokenContext = { systemByIssuer, keys: context.issuerKeys, audience, now: context.now() };
  const job = await verifyToken(tokens.ci, tokenContext);
  const { platform, system, issuedAt } = job;
  checkAddress(system.addresses, call.remoteAddress);
  const own = used('token.ci', tokens.ci, job);
  if (tokens.serviceConnection === undefined) {
    return { tokens: [own], platform, system, claims: job.claims, issuedAt };
  }
  const connection = await verifyServiceConnection(tokens.serviceConnection, job, tokenContext);
  return {
    tokens: [own, used('token.service_connection', tokens.serviceConnection, connection)],
    platform,
    system,
    // The job's own claims last: nothing that stands beside it can replace them.
    claims: { ...connection.claims, ...job.claims },
    issuedAt,
  };
}

/** After the token: only who holds a genuine one learns that the address is what is wrong. */
function checkAddress(networks: readonly string[] | undefined, address: string | undefined): void {
  if (networks === undefined || isInNetworks(address ?? '', networks)) return;
  throw new OriginSignError('token.address', 'The trusted build system does not list the address of this call.', {
    hint: 'behind a proxy the server sees the address of the proxy',
  });
}

function used(kind: UsedToken['kind'], raw: string, token: VerifiedToken): UsedToken {
  const { tokenKey, uses, tokenSha256, keySetHash, expiresAt } = token;
  return { kind, raw, tokenKey, uses, sha256: tokenSha256, keySetHash, expiresAt };
}

function presentStatic(
  context: Context,
  tokens: { readonly ci: string; readonly serviceConnection?: string | undefined },
  call: ReceivedCall,
): Presented {
  if (tokens.serviceConnection !== undefined) {
    throw new OriginSignError('request.malformed', 'Beside a static token stands no second one.');
  }
  const now = context.now();
  const address = call.remoteAddress;
  const token = verifyStaticToken(tokens.ci, { address, now }, context.policies().staticSystems);
  const { name, sha256, project, system: id, expires: expiresAt } = token;
  return {
    tokens: [{ kind: 'token.ci', raw: tokens.ci, sha256, expiresAt }],
    platform: STATIC_TOKEN,
    system: { id, issuer: `urn:originsign:${id}` },
    claims: STATIC_TOKEN.parseClaims({ token: name, address: address ?? '' }),
    issuedAt: now,
    project,
  };
}
