import { encodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError } from '@originsign/core/errors/error';
import { personByIdentity, type Person } from '@originsign/core/policy/roster';
import { parseApproval } from '@originsign/core/protocol/approval';
import type { ApprovalList, ApprovalView } from '@originsign/core/protocol/approval-view';
import { countArtifacts } from '../store/artifacts.ts';
import { listApprovals } from '../store/approvals.ts';
import type { ApprovalRow, RequestRow } from '../store/database.ts';
import { findRequest, listRequests } from '../store/requests.ts';
import { type Awaited, approversNow, awaitedNow, storedTerms } from './approvals.ts';
import { approvableRequest, authenticateApprover, isAsked, type ReceivedApproverCall } from './approver-access.ts';
import type { Context } from './context.ts';
import { withoutPerson } from './decide.ts';
import { storedOrigin } from './stored-request.ts';

/** Requests that one answer lists. */
const LISTED = 100;

/** What waits for the approver who asks. Throws what {@link authenticateApprover} throws. */
export async function listWaiting(context: Context, call: ReceivedApproverCall): Promise<ApprovalList> {
  const person = authenticateApprover(context, call);
  const rows = await listRequests(context.db, { state: 'waiting_for_approval', limit: 10 * LISTED });
  const asked = rows.filter((row) => isAsked(context, row, person)).slice(-LISTED);
  const requests = asked.reverse().map(async (row) => {
    const { repository, ref } = storedOrigin(row);
    return {
      id: row.id,
      project: row.project,
      policy: row.policy,
      createdAt: row.created_at,
      deadline: row.deadline,
      artifacts: await countArtifacts(context.db, row.id),
      approvals: tally(context, row, await listApprovals(context.db, row.id)),
      repository: repository.uri,
      ...(ref === undefined ? {} : { ref }),
    };
  });
  return { requests: await Promise.all(requests) };
}

/** Everything that an approver has to see of one request. Throws `request.not_found` besides. */
export async function showApprovals(context: Context, id: string, call: ReceivedApproverCall): Promise<ApprovalView> {
  const person = authenticateApprover(context, call);
  return approvalView(context, await approvableRequest(context, id, person), person);
}

/** The view of a request that the caller was found to be asked about. */
export async function viewFor(context: Context, id: string, person: Person): Promise<ApprovalView> {
  const request = await findRequest(context.db, id);
  if (request === undefined) throw new TypeError('The request is gone.');
  return approvalView(context, request, person);
}

async function approvalView(context: Context, request: RequestRow, person: Person): Promise<ApprovalView> {
  const rows = await listApprovals(context.db, request.id);
  const last = Math.max(request.request_index, request.intent_index ?? 0, ...rows.map((row) => row.log_index));
  await context.publisher.durable(last + 1);
  const origin = storedOrigin(request);
  const requester =
    origin.actorId === undefined
      ? undefined
      : personByIdentity(context.roster.current(), origin.system, origin.actorId);
  const found = awaited(context, request);
  return {
    id: request.id,
    url: `${context.serverUrl}/requests/${request.id}`,
    state: request.state,
    payload: encodeBase64(request.payload),
    origin: withoutPerson(origin),
    binding: request.binding,
    ...ruleOf(request, found.now),
    createdAt: request.created_at,
    deadline: request.deadline,
    requester: {
      ...(origin.actor === undefined ? {} : { account: origin.actor }),
      ...(requester === undefined ? {} : { person: requester.id }),
    },
    approvals: tally(context, request, rows),
    decisions: rows.map(decisionOf),
    you: person.id,
    ...(found.problem === undefined ? {} : { problem: found.problem }),
  };
}

function awaited(context: Context, request: RequestRow): { readonly now?: Awaited; readonly problem?: string } {
  try {
    return { now: awaitedNow(context, request, context.now()) };
  } catch (error) {
    if (isOriginSignError(error)) return { problem: error.message };
    throw error;
  }
}

function ruleOf(
  request: RequestRow,
  now: Awaited | undefined,
): Pick<ApprovalView, 'rule' | 'policyHash' | 'limits' | 'keys'> {
  if (now === undefined) return { rule: request.rule, policyHash: request.policy_hash, limits: {}, keys: {} };
  const { limits, keys } = now.decision.requirements;
  return {
    rule: now.waiting.rule,
    policyHash: now.waiting.policyHash,
    limits: { ...limits },
    keys: Object.fromEntries(keys),
  };
}

function tally(context: Context, request: RequestRow, rows: readonly ApprovalRow[]): ApprovalView['approvals'] {
  const { now } = awaited(context, request);
  const { count, from } = now?.waiting.approvals ?? storedTerms(request);
  return { count, from: [...from], approvedBy: [...approversNow(context, request, rows)] };
}

function decisionOf({ person, decision, created_at: at, statement }: ApprovalRow): ApprovalView['decisions'][number] {
  const { expires, reason } = parseApproval(statement);
  return { person, decision, at, expires, ...(reason === undefined ? {} : { reason }) };
}
