import { isOriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { findRequest } from '../store/requests.ts';
import { accept } from './accept.ts';
import { authenticate, decideNow, type AuthenticatedSubmission } from './admit.ts';
import { carryOut } from './carry-out.ts';
import type { Context } from './context.ts';
import { continueRequest } from './continue.ts';
import { logDenial } from './deny.ts';
import { lockToFirstKey } from './lock-tokens.ts';
import { authenticateOwner, currentView } from './follow.ts';
import { receiveSubmission, type ReceivedSubmission } from './receive.ts';

/**
 * Accepts a signing request, or continues the one that has its id, and waits up to so many seconds for its end. A request that
 * is known answers before any token, policy or limit is looked at: a lost answer, an expired token or a changed policy cannot
 * turn a signed request into a denied one.
 */
export async function submit(context: Context, call: ReceivedCall, waitSeconds: number): Promise<SigningRequestView> {
  const submission = receiveSubmission(call.body);
  const known = await findRequest(context.db, submission.id);
  if (known === undefined) {
    await acceptNew(context, submission, call);
  } else {
    authenticateOwner(context, known, call);
    continueRequest(context, known);
  }
  await context.progress.wait(submission.id, waitSeconds);
  return currentView(context, submission.id);
}

async function acceptNew(context: Context, submission: ReceivedSubmission, call: ReceivedCall): Promise<void> {
  const authenticated = await authenticate(context, submission, call);
  try {
    await lockToFirstKey(context, authenticated);
    await decideAndSign(context, authenticated);
  } catch (error) {
    await logDenial(context, authenticated, error);
    throw error;
  }
}

async function decideAndSign(context: Context, submission: AuthenticatedSubmission): Promise<void> {
  const { id, statement } = submission;
  const { decision, asker } = await decideNow(context, submission);
  const place = context.admission.reserve(statement.artifacts.length);
  let working = false;
  try {
    working = await acceptOrFind(context, () => accept(context, { ...submission, asker }, decision), id);
  } finally {
    if (!working) place.release();
  }
  // The work goes on when the answer is out; its place at the HSM goes with it.
  if (working) void context.progress.start(id, () => carryOut(context, id)).finally(() => place.release());
}

/** Whether a commit that failed took place is read from the store, before the HSM is asked for anything. */
async function acceptOrFind(context: Context, work: () => Promise<boolean>, id: string): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!isOriginSignError(error, 'store.unavailable')) throw error;
    if ((await findRequest(context.db, id)) === undefined) throw error;
    return true;
  }
}
