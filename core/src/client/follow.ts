import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { LIMITS, SIGNING_REQUESTS_PATH } from '../protocol/limits.ts';
import type { SigningRequestView, State } from '../protocol/signing-request.ts';
import { isFinal, parseView, type ExpectedRequest } from './check-view.ts';
import type { Call } from './caller.ts';
import type { Clock } from './clock.ts';
import { formatElapsed } from './duration.ts';
import type { AwaitedApprovals, EventSink } from './events.ts';
import type { OpenRequest } from './open-request.ts';

/** What following a request needs. */
export interface FollowContext {
  readonly request: OpenRequest;
  readonly expected: ExpectedRequest;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Milliseconds since 1970, by the clock of this machine, after which nobody waits any longer. */
  readonly deadline: number;
}

const PATIENCE = 300_000;
/** A server that answers a long poll at once must not be asked without a break. */
const SHORTEST_PAUSE = 1_000;
const SUBMIT_TIMEOUT = 60_000;
const POLL_GRACE = 30_000;
const SHORTEST_SILENCE = 25_000;
const LONGEST_SILENCE = 600_000;

/** Sends the request. A token that the server finds too old is renewed once. Throws what the server answers. */
export async function submit(context: FollowContext, server: string): Promise<SigningRequestView> {
  const { request, expected } = context;
  const call: Call = {
    method: 'POST',
    url: server + SIGNING_REQUESTS_PATH,
    body: () => request.body(),
    timeout: SUBMIT_TIMEOUT,
    patience: patience(context),
  };
  try {
    return parseView(await request.call(call), expected);
  } catch (error) {
    if (!isOriginSignError(error, 'token.time') || !request.token.renew()) throw error;
    return parseView(await request.call(call), expected);
  }
}

/** Waits until the request is in a final state. Throws `request.waiting` when the time is over. */
export async function follow(context: FollowContext, first: SigningRequestView): Promise<SigningRequestView> {
  const { clock, events, request, expected } = context;
  let view = first;
  // By this machine's clock, because the server's may be another.
  let since = clock.now();
  let nextTold = 0;
  while (!isFinal(view.state)) {
    const asked = clock.now().getTime();
    const elapsed = asked - since.getTime();
    const isMinor = elapsed < nextTold;
    events({
      kind: 'waiting',
      state: view.state,
      since,
      elapsed,
      ...awaited(view),
      ...(isMinor ? { minor: true } : {}),
    });
    if (!isMinor) nextTold = untilNextTold(elapsed);
    const left = context.deadline - asked;
    if (left <= 0) throw timeIsOver(view, elapsed);
    const before: State = view.state;
    const agreed = view.approvals?.approved;
    view = parseView(await request.call(pollCall(context, left)), expected, before);
    if (view.state !== before) {
      since = clock.now();
      nextTold = 0;
    }
    if (view.approvals?.approved !== agreed) nextTold = 0;
    const spent = clock.now().getTime() - asked;
    if (view.state === before && spent < SHORTEST_PAUSE) await clock.sleep(SHORTEST_PAUSE - spent);
  }
  return view;
}

function awaited({ approvals }: SigningRequestView): { readonly approvals?: AwaitedApprovals } {
  return approvals === undefined ? {} : { approvals };
}

/** A log of an hour's wait has a dozen lines: ever longer pauses between them, of ten minutes at most. */
function untilNextTold(elapsed: number): number {
  return elapsed + Math.min(LONGEST_SILENCE, Math.max(SHORTEST_SILENCE, elapsed));
}

function pollCall(context: FollowContext, left: number): Call {
  const wait = Math.max(1, Math.min(LIMITS.longestWait, Math.ceil(left / 1000)));
  const url = `${context.request.url}?wait=${wait}`;
  return { method: 'GET', url, timeout: wait * 1000 + POLL_GRACE, patience: patience(context) };
}

/** Cancels the request; says whether the server did. Throws what the server answers otherwise. */
export async function cancel(context: FollowContext): Promise<boolean> {
  try {
    const url = `${context.request.url}/cancel`;
    // A runner that is told to stop a job gives it a few seconds.
    await context.request.call({ method: 'POST', url, timeout: 5_000, patience: 5_000, unstoppable: true });
    return true;
  } catch (error) {
    // Once the HSM has been asked, cancelling is refused: the signatures may exist.
    if (isOriginSignError(error, 'request.state')) return false;
    throw error;
  }
}

/** The state of the request now. */
export async function look(context: FollowContext): Promise<SigningRequestView> {
  const call: Call = { method: 'GET', url: context.request.url, patience: 10_000 };
  return parseView(await context.request.call(call), context.expected);
}

function patience({ deadline, clock }: FollowContext): number {
  return Math.max(0, Math.min(PATIENCE, deadline - clock.now().getTime()));
}

function timeIsOver(view: SigningRequestView, elapsed: number): OriginSignError {
  const what = view.state === 'waiting_for_approval' ? 'an approval' : 'its signature';
  return new OriginSignError(
    'request.waiting',
    `The request still waits for ${what} after ${formatElapsed(elapsed)}.`,
    {
      hint: 'give a longer timeout, or on-timeout: leave and look at the request later',
      details: { state: view.state },
    },
  );
}
