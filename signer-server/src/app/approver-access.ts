import { OriginSignError } from '@originsign/core/errors/error';
import { isAmong, personByKey, type Person } from '@originsign/core/policy/roster';
import { verifyApproverCall } from '@originsign/core/protocol/approver-call';
import type { RequestRow } from '../store/database.ts';
import { findRequest } from '../store/requests.ts';
import { awaitedNow, storedTerms } from './approvals.ts';
import type { Context } from './context.ts';

/** A call of somebody who may approve. */
export interface ReceivedApproverCall {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Who makes the call. Throws `approval.call`, `request.clock`, `approval.approver`. */
export function authenticateApprover(context: Context, call: ReceivedApproverCall): Person {
  const now = context.now();
  const url = `${context.serverUrl}${call.path}`;
  const key = verifyApproverCall({ method: call.method, url }, call.authorization, now);
  const person = personByKey(context.roster.current(), key, now);
  if (person !== undefined) return person;
  throw new OriginSignError('approval.approver', `The roster has nobody with the key ${key.fingerprint}.`);
}

/**
 * A request that this person may look at: one that asks them now, or that asked them when it came in. Throws
 * `request.not_found` for all others, whether there are any or not.
 */
export async function approvableRequest(context: Context, id: string, person: Person): Promise<RequestRow> {
  const request = await findRequest(context.db, id);
  if (request !== undefined && isAsked(context, request, person)) return request;
  throw new OriginSignError('request.not_found', 'There is no such signing request that asks you for an approval.');
}

/** True where the request asks the person, by its own terms or by those of the policy in force. */
export function isAsked(context: Context, request: RequestRow, person: Person): boolean {
  if (request.approval_terms === null) return false;
  if (isAmong(person, storedTerms(request).from)) return true;
  try {
    return isAmong(person, awaitedNow(context, request, context.now()).waiting.approvals.from);
  } catch (error) {
    if (error instanceof OriginSignError) return false;
    throw error;
  }
}
