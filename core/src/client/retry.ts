import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import type { Clock } from './clock.ts';
import type { EventSink } from './events.ts';
import type { UnreachableReason } from './fetch-port.ts';

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const LASTING: ReadonlySet<unknown> = new Set<UnreachableReason>([
  'certificate',
  'client_certificate',
  'proxy_refused',
  'too_large',
  'aborted',
]);

/** How long and how to try again. */
export interface Patience {
  readonly clock: Clock;
  readonly events: EventSink;
  /** Milliseconds from the first attempt until no further one begins. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal;
  /** True where this failure may pass by itself; {@link isPassing} where left out. */
  readonly isPassing?: (error: unknown) => boolean;
}

/** True for failures that may pass by themselves, so that the same call can be made again. */
export function isPassing(error: unknown): boolean {
  if (!isOriginSignError(error)) return false;
  // A limit of a policy is a decision, though a later hour may decide otherwise.
  if (error.code === 'policy.limit') return false;
  if (error.code === 'server.unreachable') return !LASTING.has(error.details?.['reason']);
  if (error.code === 'server.unexpected') return error.details?.['passing'] === true;
  return error.status === 429 || error.status === 503 || error.code === 'internal.error';
}

/** Milliseconds before attempt `attempt` + 1: full jitter over a doubling range, never earlier than the server asked for. */
export function backoffDelay(attempt: number, random: number, retryAfter = 0): number {
  const range = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 16));
  return Math.round(retryAfter * 1000 + random * range);
}

/**
 * Calls until it succeeds, fails for good, or the patience is over; then throws the last error. A wait that the patience
 * does not cover is not begun.
 */
export async function withRetries<T>(patience: Patience, call: (attempt: number) => Promise<T>): Promise<T> {
  const { clock, signal } = patience;
  const end = clock.now().getTime() + patience.milliseconds;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      const passes = (patience.isPassing ?? isPassing)(error);
      if (!(error instanceof OriginSignError) || !passes || signal?.aborted === true) throw error;
      const delay = backoffDelay(attempt, clock.random(), error.retryAfter);
      if (clock.now().getTime() + delay > end) throw error;
      patience.events({ kind: 'retry', reason: error.message, attempt, delay });
      await clock.sleep(delay, signal);
    }
  }
}
