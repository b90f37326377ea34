import { OriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import { certificateClaims } from '@originsign/core/platforms/client-certificate';
import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { Project } from '@originsign/core/policy/model';
import { signingRequestUrl } from '@originsign/core/protocol/limits';
import type { Decision } from '@originsign/core/policy/evaluate';
import { authenticateRequest, type ReceivedCall } from '../identity/request-authentication.ts';
import type { Context } from './context.ts';
import { decide, deniedBy, linkedProject, type Asker } from './decide.ts';
import { checkArtifacts } from './prepare.ts';
import type { ReceivedSubmission } from './receive.ts';
import { type Presented, type UsedToken, verifyTokens } from './tokens.ts';

/** A request whose tokens, signatures and inputs are all in order. What it may do is not decided yet. */
export interface AuthenticatedSubmission {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly envelope: unknown;
  readonly statement: SigningRequestStatement;
  readonly keyThumbprint: string;
  readonly tokens: readonly UsedToken[];
  readonly presented: Presented;
  /** What the tokens and the client certificate say; what the platform's API says comes later. */
  readonly asker: Asker;
}

/**
 * Verifies tokens, attestation, call and client certificate, cheapest and least trusting first. Throws `token.*`, `issuer.*`,
 * `envelope.*`, `statement.*`, `request.signature`, `request.clock`, `format.unknown`, `certificate.*`.
 */
export async function authenticate(
  context: Context,
  submission: ReceivedSubmission,
  call: ReceivedCall,
): Promise<AuthenticatedSubmission> {
  const { envelope, tokens } = submission;
  const audience = { request: signingRequestUrl(context.serverUrl, submission.id), server: context.serverUrl };
  const presented = await verifyTokens(context, tokens, call, audience);
  const authenticated = authenticateRequest(call, envelope, { url: context.serverUrl, now: context.now() });
  checkArtifacts(authenticated.statement);
  const certificate = await certificateClaimsOf(context, call);
  return {
    ...authenticated,
    envelope,
    tokens: presented.tokens,
    presented,
    asker: askerOf(presented, { ...presented.claims, ...certificate }),
  };
}

/** A certificate that came must hold, asked for or not: a node with a revoked one has no business here. */
async function certificateClaimsOf({ checkCertificate, now }: Context, call: ReceivedCall): Promise<Claims> {
  if (call.certificate === undefined) return {};
  const { facts, authority } = await checkCertificate(call.certificate);
  return certificateClaims(facts, authority, now());
}

function askerOf({ platform, system }: Presented, claims: Claims): Asker {
  return { system: system.id, binding: platform.binding, claims, origin: platform.origin(claims, system) };
}

/** A decision that lets the request through. */
export type Allowed = Extract<Decision, { decision: 'allow' }>;

/** Everything that is known of who asks, and the project that links it. */
export interface KnownAsker {
  readonly project: Project;
  readonly asker: Asker;
}

/**
 * The project, where it links the asker's repository. Comes before everything that costs or leaves something behind: calls of
 * connectors, locks, entries of the log. Throws `project.unknown` or `project.rate`.
 */
export function findLinked(context: Context, { statement, asker, presented }: AuthenticatedSubmission): Project {
  const linked = linkedProject(context.policies().projects, statement.project, asker);
  const isScoped = presented.project === undefined || presented.project === statement.project;
  if (linked !== undefined && isScoped) return linked;
  return context.strangers.refuse(asker.system, asker.origin.repository.id, context.now());
}

/** Finds the project, then asks the platform's API where the system has a connector. Throws as {@link findLinked}, and `connector.*`. */
export async function knowAsker(context: Context, submission: AuthenticatedSubmission): Promise<KnownAsker> {
  const { asker, presented } = submission;
  const linked = findLinked(context, submission);
  if (presented.system.connector !== true) return { project: linked, asker };
  const connector = context.connectors.get(asker.system);
  if (connector === undefined) {
    throw new OriginSignError('connector.unavailable', 'The server has no connector for this build system.');
  }
  const { issuedAt, system } = presented;
  const brought = await connector.lookUp({ claims: asker.claims, issuedAt, issuer: system.issuer });
  // Claims of tokens and certificates last: no answer of an API can replace what was signed.
  return { project: linked, asker: askerOf(presented, { ...brought, ...asker.claims }) };
}

/** Decides under the active policy. Throws what {@link knowAsker} throws, `policy.unknown`, and `policy.denied` with the trace. */
export async function decideNow(
  context: Context,
  submission: AuthenticatedSubmission,
): Promise<{ readonly decision: Allowed; readonly asker: Asker }> {
  const { project, asker } = await knowAsker(context, submission);
  const decision = decide(project, submission.statement, asker, context.now());
  if (decision.decision === 'deny') throw deniedBy(decision, asker.origin);
  return { decision, asker };
}
