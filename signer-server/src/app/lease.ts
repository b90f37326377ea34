import type { RequestRow } from '../store/database.ts';
import type { Context } from './context.ts';

const LONGEST_PAUSE_MS = 60_000;

/** What of a request says whether it may be taken up. */
type Leased = Pick<RequestRow, 'lease_owner' | 'lease_until' | 'attempts' | 'updated_at'>;

/** Only an INTENT whose lease is over may be replaced: another replica may be waiting for its HSM right now. */
export function leaseIsOver(context: Pick<Context, 'replica' | 'onlyProcess' | 'now'>, request: Leased): boolean {
  const { lease_owner: owner, lease_until: until } = request;
  if (owner === null || until === null) return true;
  // Our own process does not work on it, or it would be in progress.
  if (owner === context.replica) return pauseIsOver(context, request);
  // A former process of a store for one is dead.
  return context.onlyProcess || new Date(until) < context.now();
}

/** Every repetition costs two log entries and all signatures, and a client may ask as often as it likes. */
function pauseIsOver(context: Pick<Context, 'now'>, { attempts, updated_at: updatedAt }: Leased): boolean {
  const pause = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(attempts, 16));
  return context.now().getTime() - new Date(updatedAt).getTime() >= pause;
}
