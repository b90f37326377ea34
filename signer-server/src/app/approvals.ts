import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { approvedRequest } from '@originsign/core/protocol/approval';
import {
  approvedBy,
  possibleApprovers,
  type ReceivedApproval,
  unknownRequester,
  type WaitingRequest,
} from '@originsign/core/policy/approvals';
import type { Approvals } from '@originsign/core/policy/model';
import type { PlatformIdentity } from '@originsign/core/policy/roster';
import type { Origin } from '@originsign/core/platforms/origin';
import type { ApprovalRow, RequestRow } from '../store/database.ts';
import type { Allowed } from './admit.ts';
import type { Context } from './context.ts';
import { decide, deniedBy, linkedProject, withoutPerson } from './decide.ts';
import { storedAsker, storedStatement } from './stored-request.ts';

/** A request that waits, and why its policy allows it now. */
export interface Awaited {
  readonly waiting: WaitingRequest;
  readonly decision: Allowed;
}

/** What a stored request asks of people; throws a `TypeError` for one that asks nothing. */
export function storedTerms(request: RequestRow): Approvals {
  if (request.approval_terms === null) throw new TypeError('The request asks for no approval.');
  return parseStrictJson(request.approval_terms) as unknown as Approvals;
}

/**
 * Decides the stored claims anew, under the policy in force and at this time. Throws `policy.denied` and the like where the
 * request is not allowed as things are, `project.unknown` where the project is gone.
 */
export function awaitedNow(context: Context, request: RequestRow, now: Date): Awaited {
  const asker = storedAsker(request);
  const project = linkedProject(context.policies().projects, request.project, asker);
  if (project === undefined) {
    throw new OriginSignError('project.unknown', 'The project of the request is not in force, or no longer links it.');
  }
  const decision = decide(project, storedStatement(request), asker, now);
  if (decision.decision === 'deny') throw deniedBy(decision, asker.origin);
  const { policyHash } = decision.trace;
  const { rule, requirements } = decision;
  // What began under a rule that asks people is not released by one that asks fewer, or nobody.
  const stored = storedTerms(request);
  const asked = requirements.approvals ?? stored;
  const approvals = { ...asked, count: Math.max(asked.count, stored.count) };
  return { decision, waiting: { ...fixedFacts(request), rule, policyHash, approvals } };
}

/** What of a waiting request no policy changes. */
export function fixedFacts(
  request: RequestRow,
): Pick<WaitingRequest, 'requester'> & ReturnType<typeof approvedRequest> {
  const { origin } = storedAsker(request);
  const scope = approvedRequest(request.payload, withoutPerson(origin));
  return { ...scope, requester: requesterOf(origin) };
}

/** Who started the run, where the build system says it. */
function requesterOf({ system, actorId }: Origin): PlatformIdentity | undefined {
  return actorId === undefined ? undefined : { system, actorId };
}

/** Stored approvals as they can be checked again. */
export function receivedApprovals(rows: readonly ApprovalRow[]): readonly ReceivedApproval[] {
  return rows.map(({ statement, signature, created_at: at }) => ({ statement, signature, at: new Date(at) }));
}

/** Ids of the people whose approvals count as things are; nobody's where the policy does not allow the request now. */
export function approversNow(context: Context, request: RequestRow, rows: readonly ApprovalRow[]): readonly string[] {
  const now = context.now();
  if (rows.length === 0) return [];
  try {
    const { waiting } = awaitedNow(context, request, now);
    return approvedBy(receivedApprovals(rows), waiting, context.roster.current(), now);
  } catch (error) {
    if (isOriginSignError(error)) return [];
    throw error;
  }
}

/**
 * Refuses at once what nobody could ever approve, before anyone waits for it. Throws `approval.requester` where nobody can tell
 * who asks, `approval.roster` where too few others are asked.
 */
export function refuseUnapprovable(context: Context, origin: Origin, approvals: Approvals): void {
  const roster = context.roster.current();
  const request = { approvals, requester: requesterOf(origin) };
  const unknown = unknownRequester(request, roster);
  if (unknown !== undefined) throw unknown;
  const possible = possibleApprovers(request, roster, context.now()).length;
  if (possible >= approvals.count) return;
  throw new OriginSignError(
    'approval.roster',
    `The rule asks for ${approvals.count} approvals by ${approvals.from.join(', ')}, and ${possible} of the roster can give one.`,
  );
}
