import { isOriginSignError, type OriginSignError } from '@originsign/core/errors/error';
import type { Awaited } from './approvals.ts';
import { approvedBy } from '@originsign/core/policy/approvals';
import { lockHead } from '../log/head.ts';
import { listApprovals } from '../store/approvals.ts';
import { countArtifacts } from '../store/artifacts.ts';
import type { ApprovalRow, RequestRow, Trx } from '../store/database.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { approversNow, awaitedNow, receivedApprovals } from './approvals.ts';
import { carryOut } from './carry-out.ts';
import type { Context } from './context.ts';
import { endRequest } from './end-request.ts';
import { writeIntent } from './intent.ts';
import { expiry, lateDenialBy } from './late-endings.ts';
import { prepareArtifacts } from './prepare.ts';
import { storedStatement } from './stored-request.ts';

/**
 * Looks whether a waiting request has waited for too long, or has all its approvals: then it ends, or signing begins. Returns
 * once that is clear; the signing itself goes on in `context.progress`. Where the HSM has no place, it stays as it is for the
 * next time.
 */
export async function continueWaiting(context: Context, id: string): Promise<void> {
  const request = await findRequest(context.db, id);
  if (request === undefined || context.progress.has(id)) return;
  // A denial or a cancellation ended it: whoever waits for it is told.
  if (request.state !== 'waiting_for_approval') return context.progress.tell(id);
  if (isOverdue(request, context.now())) return expire(context, id);
  const rows = await listApprovals(context.db, id);
  // Most of those that wait have no approval yet; only for the others the log is locked.
  const enough = approversNow(context, request, rows).length >= countOf(context, request);
  if (enough) void context.progress.start(id, () => takeUp(context, id, rows));
}

function countOf(context: Context, request: RequestRow): number {
  try {
    return awaitedNow(context, request, context.now()).waiting.approvals.count;
  } catch (error) {
    if (isOriginSignError(error)) return Infinity;
    throw error;
  }
}

function isOverdue({ deadline }: RequestRow, now: Date): boolean {
  return now >= new Date(deadline);
}

async function expire(context: Context, id: string): Promise<void> {
  const now = context.now();
  const index = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'waiting_for_approval' || !isOverdue(request, now)) return undefined;
    return endRequest(trx, request, expiry(id, 'Nobody approved the request in time.'), now);
  });
  if (index !== undefined) await context.publisher.durable(index + 1);
  context.progress.tell(id);
}

async function takeUp(context: Context, id: string, rows: readonly ApprovalRow[]): Promise<void> {
  const artifacts = await countArtifacts(context.db, id);
  try {
    // Nothing is signed on the word of people whom a restored backup could make silent again.
    await context.publisher.durable(Math.max(...rows.map(({ log_index: index }) => index)) + 1);
    const place = context.admission.reserve(artifacts);
    try {
      if (await beginApproved(context, id)) await carryOut(context, id);
    } finally {
      place.release();
    }
  } catch (error) {
    context.journal.warn({ err: error, signingRequest: id }, 'an approved request could not begin, and waits on');
  }
}

/**
 * Transaction B of a request that waited: decides anew with the stored claims under the active policy, counts the approvals
 * again, prepares what is signed with the keys of now, and logs INTENT. `false` where the request is not to be signed.
 */
async function beginApproved(context: Context, id: string): Promise<boolean> {
  const now = context.now();
  const outcome = await transaction(context.db, async (trx): Promise<'begun' | 'left' | number> => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'waiting_for_approval' || isOverdue(request, now)) return 'left';
    const found = awaitedOrDenial(context, request, now);
    // Its file may be broken for a moment; that is no decision.
    if ('error' in found && found.error.code === 'project.unknown') return 'left';
    if ('error' in found) return endRequest(trx, request, lateDenialBy(request, found.error), now);
    const { waiting } = found;
    const received = receivedApprovals(await listApprovals(trx, id));
    if (approvedBy(received, waiting, context.roster.current(), now).length < waiting.approvals.count) return 'left';
    return begin(trx, context, request, found);
  });
  if (typeof outcome === 'number') await context.publisher.durable(outcome + 1);
  return outcome === 'begun';
}

/** A key or certificate that no longer serves is as final as a policy that says no: approved or not, there is no signature. */
async function begin(
  trx: Trx,
  context: Context,
  request: RequestRow,
  { decision }: Awaited,
): Promise<'begun' | number> {
  const now = context.now();
  const { id } = request;
  const statement = storedStatement(request);
  let prepared;
  try {
    prepared = prepareArtifacts(statement, decision.requirements, context.keys(), now);
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return endRequest(trx, request, lateDenialBy(request, error), now);
  }
  const deadline = new Date(now.getTime() + context.terms.requestLifetime * 1000).toISOString();
  await moveRequest(trx, { id, from: 'waiting_for_approval', to: 'signing', now, set: { deadline } });
  await writeIntent(trx, context, { id, statement, prepared, signingTime: now });
  return 'begun';
}

function awaitedOrDenial(
  context: Context,
  request: RequestRow,
  now: Date,
): Awaited | { readonly error: OriginSignError } {
  try {
    return awaitedNow(context, request, now);
  } catch (error) {
    if (isOriginSignError(error)) return { error };
    throw error;
  }
}
