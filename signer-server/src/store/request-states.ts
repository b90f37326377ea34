import type { State } from '@originsign/core/protocol/signing-request';

/** What one state of a signing request means. */
interface StateRow {
  readonly description: string;
  /** States that may follow. None: the state is final. */
  readonly next: readonly State[];
  /** Whether the request uses up the limits of its rule. */
  readonly counts: boolean;
}

/**
 * The state machine of a signing request, all of it. After INTENT a request cannot be cancelled any more, which is why
 * `signing` has no way to `cancelled`.
 */
export const REQUEST_STATES: Readonly<Record<State, StateRow>> = {
  waiting_for_approval: {
    description: 'Accepted, and waiting for people to approve it.',
    next: ['signing', 'denied', 'cancelled', 'expired'],
    counts: true,
  },
  signing: {
    description: 'Allowed: the HSM signs, or a transient fault is waited out until the deadline.',
    next: ['completed', 'denied', 'failed', 'expired'],
    counts: true,
  },
  completed: { description: 'Signed, logged and released.', next: [], counts: true },
  denied: { description: 'Refused when it was decided again before signing.', next: [], counts: false },
  failed: { description: 'Could not be signed, for good.', next: [], counts: false },
  cancelled: { description: 'Taken back before anything was signed.', next: [], counts: false },
  expired: { description: 'Not completed before its deadline.', next: [], counts: false },
};

const STATE_ROWS = Object.entries(REQUEST_STATES) as [State, StateRow][];

/** States whose requests use up limits: a request that ended without a release gives its place back. */
export const COUNTED_STATES: readonly State[] = STATE_ROWS.filter(([, row]) => row.counts).map(([state]) => state);

/** States that something may still happen to. */
export const OPEN_STATES: readonly State[] = STATE_ROWS.filter(([, row]) => row.next.length > 0).map(
  ([state]) => state,
);

/** True where the machine allows the step. */
export function mayFollow(from: State, to: State): boolean {
  return REQUEST_STATES[from].next.includes(to);
}
