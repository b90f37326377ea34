import { isOriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { findRequest } from '../store/requests.ts';
import { accept, type Acceptance } from './accept.ts';
import { authenticate, decideNow, findLinked, type Allowed, type AuthenticatedSubmission } from './admit.ts';
import { carryOut } from './carry-out.ts';
import type { ActivePolicies, Context } from './context.ts';
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
  let outcome: Acceptance;
  // Each further turn takes a change of the policies, and begins with the tokens: who is trusted may have changed too.
  do outcome = await acceptUnder(context, context.policies(), submission, call);
  while (outcome === 'outdated');
}

/** Everything up to the HSM under one and the same policies, whatever replaces them meanwhile. */
async function acceptUnder(
  context: Context,
  decidedBy: ActivePolicies,
  submission: ReceivedSubmission,
  call: ReceivedCall,
): Promise<Acceptance> {
  const pinned: Context = { ...context, policies: () => decidedBy };
  const authenticated = await authenticate(pinned, submission, call);
  // Strangers have genuine tokens too, as many as they like: neither locks nor entries of the log are for them.
  findLinked(pinned, authenticated);
  try {
    await lockToFirstKey(context, authenticated);
    const { decision, asker } = await decideNow(pinned, authenticated);
    return await sign(context, { ...authenticated, asker }, { decision, decidedBy });
  } catch (error) {
    await logDenial(context, authenticated, error);
    throw error;
  }
}

async function sign(
  context: Context,
  submission: AuthenticatedSubmission,
  decided: { readonly decision: Allowed; readonly decidedBy: ActivePolicies },
): Promise<Acceptance> {
  const { id, statement } = submission;
  const place = context.admission.reserve(statement.artifacts.length);
  let outcome: Acceptance | undefined;
  try {
    outcome = await acceptOrFind(context, () => accept(context, submission, decided), id);
  } finally {
    if (outcome !== 'accepted') place.release();
  }
  // The work goes on when the answer is out; its place at the HSM goes with it.
  if (outcome === 'accepted')
    void context.progress.start(id, () => carryOut(context, id)).finally(() => place.release());
  return outcome;
}

/** Whether a commit that failed took place is read from the store, before the HSM is asked for anything. */
async function acceptOrFind(context: Context, work: () => Promise<Acceptance>, id: string): Promise<Acceptance> {
  try {
    return await work();
  } catch (error) {
    if (!isOriginSignError(error, 'store.unavailable')) throw error;
    if ((await findRequest(context.db, id)) === undefined) throw error;
    return 'accepted';
  }
}
