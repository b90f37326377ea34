import { OriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import { signingRequestUrl } from '@originsign/core/protocol/limits';
import type { Decision } from '@originsign/core/policy/evaluate';
import { authenticateRequest, type ReceivedCall } from '../identity/request-authentication.ts';
import { verifyToken, type VerifiedToken } from '../identity/verify-token.ts';
import type { Context } from './context.ts';
import { decide, deniedBy, linkedProject, type Asker } from './decide.ts';
import { checkArtifacts } from './prepare.ts';
import type { ReceivedSubmission } from './receive.ts';

/** A request whose token, signatures and inputs are all in order. What it may do is not decided yet. */
export interface AuthenticatedSubmission {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly envelope: unknown;
  readonly statement: SigningRequestStatement;
  readonly keyThumbprint: string;
  readonly token: VerifiedToken;
  /** The token as it came, for the sealed evidence and nothing else. */
  readonly rawToken: string;
  readonly asker: Asker;
}

/**
 * Verifies token, attestation and call, cheapest and least trusting first. Throws `token.*`, `issuer.*`, `envelope.*`,
 * `statement.*`, `request.signature`, `request.clock`, `format.unknown`.
 */
export async function authenticate(
  context: Context,
  submission: ReceivedSubmission,
  call: ReceivedCall,
): Promise<AuthenticatedSubmission> {
  const now = context.now();
  const { systemByIssuer } = context.policies();
  const audience = { request: signingRequestUrl(context.serverUrl, submission.id), server: context.serverUrl };
  if (submission.tokens.serviceConnection !== undefined) {
    throw new OriginSignError('request.malformed', 'No trusted build system of this server uses a second token.');
  }
  const token = await verifyToken(submission.tokens.ci, { systemByIssuer, keys: context.issuerKeys, audience, now });
  const { envelope } = submission;
  const authenticated = authenticateRequest(call, envelope, { url: context.serverUrl, now });
  checkArtifacts(authenticated.statement);
  return {
    ...authenticated,
    envelope,
    token,
    rawToken: submission.tokens.ci,
    asker: {
      system: token.systemId,
      binding: token.binding,
      claims: token.claims,
      origin: token.platform.origin(token.claims, token.system),
    },
  };
}

/** A decision that lets the request through. */
export type Allowed = Extract<Decision, { decision: 'allow' }>;

/**
 * Decides under the active policy. Throws `project.unknown` or `project.rate` to repositories that the project does not link,
 * `policy.unknown`, and `policy.denied` with the trace.
 */
export function decideNow(context: Context, submission: AuthenticatedSubmission): Allowed {
  const { statement, asker } = submission;
  const now = context.now();
  const project = linkedProject(context.policies().projects, statement.project, asker);
  if (project === undefined) return context.strangers.refuse(asker.system, asker.origin.repository.id, now);
  const decision = decide(project, statement, asker, now);
  if (decision.decision === 'deny') throw deniedBy(decision, asker.origin);
  return decision;
}
