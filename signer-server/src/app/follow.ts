import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import { authenticateCall, type ReceivedCall } from '../identity/request-authentication.ts';
import { listApprovals } from '../store/approvals.ts';
import { listArtifacts } from '../store/artifacts.ts';
import type { RequestRow } from '../store/database.ts';
import { findRequest } from '../store/requests.ts';
import { approversNow, storedTerms } from './approvals.ts';
import { continueWaiting } from './begin-approved.ts';
import type { Context } from './context.ts';
import { continueRequest } from './continue.ts';
import { storedStatement } from './stored-request.ts';
import { viewOf } from './view.ts';

/** Verifies that a follow-up call comes from the key that made the request. Throws `request.key`, `request.clock`. */
export function authenticateOwner(context: Context, request: RequestRow, call: ReceivedCall): void {
  try {
    authenticateCall(call, storedStatement(request).key, { url: context.serverUrl, now: context.now() });
  } catch (error) {
    if (!isOriginSignError(error, 'request.signature')) throw error;
    throw new OriginSignError('request.key', 'The call is not signed by the key of this request.', { cause: error });
  }
}

/** A stored request whose caller has shown that it is theirs. Throws `request.not_found` and what {@link authenticateOwner} throws. */
export async function ownRequest(context: Context, id: string, call: ReceivedCall): Promise<RequestRow> {
  const request = await findRequest(context.db, id);
  if (request === undefined) throw new OriginSignError('request.not_found', 'There is no such signing request.');
  authenticateOwner(context, request, call);
  return request;
}

/** State of a request, after waiting up to so many seconds for its end. */
export async function follow(
  context: Context,
  id: string,
  call: ReceivedCall,
  waitSeconds: number,
): Promise<SigningRequestView> {
  const until = context.now().getTime() + waitSeconds * 1000;
  const request = await ownRequest(context, id, call);
  continueRequest(context, request);
  if (request.state === 'waiting_for_approval') await awaitApproval(context, request, waitSeconds);
  await context.progress.wait(id, Math.max(0, (until - context.now().getTime()) / 1000));
  return currentView(context, id);
}

/** What the client of a stored request sees now. */
export async function currentView(context: Context, id: string): Promise<SigningRequestView> {
  const request = await findRequest(context.db, id);
  if (request === undefined) throw new OriginSignError('request.not_found', 'There is no such signing request.');
  // No answer tells of what a restored backup could take back.
  const { request_index: asked, intent_index: intent, result_index: result } = request;
  await context.publisher.durable(Math.max(asked, intent ?? 0, result ?? 0) + 1);
  const view = viewOf(context.serverUrl, request, await listArtifacts(context.db, id), context.keys());
  if (request.state !== 'waiting_for_approval') return view;
  return { ...view, approvals: await awaitedApprovals(context, request) };
}

/** Waits for people, and no longer than the request may: its end is told when it comes. */
async function awaitApproval(context: Context, { id, deadline }: RequestRow, waitSeconds: number): Promise<void> {
  const left = (new Date(deadline).getTime() - context.now().getTime()) / 1000;
  if (left > 0) await context.progress.news(id, Math.min(waitSeconds, left));
  if (context.now() >= new Date(deadline)) await continueWaiting(context, id);
}

/** How many people agree so far, for whoever waits. Who they are is not told to a build log. */
async function awaitedApprovals(context: Context, request: RequestRow): Promise<SigningRequestView['approvals']> {
  const { count, from } = storedTerms(request);
  const approved = approversNow(context, request, await listApprovals(context.db, request.id)).length;
  return { count, approved, from: [...from] };
}
