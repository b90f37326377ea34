import { isOriginSignError } from '@originsign/core/errors/error';
import { countArtifacts } from '../store/artifacts.ts';
import type { RequestRow } from '../store/database.ts';
import type { Place } from './admission.ts';
import { carryOut, giveUp } from './carry-out.ts';
import type { Context } from './context.ts';
import { leaseIsOver } from './lease.ts';
import { repeatIntent } from './repeat-intent.ts';

/**
 * Takes up a request that is not finished and that nobody works on: after a crash, or after a fault that passed. Returns at
 * once; the work goes on in `context.progress`. Where the HSM has no place for it, it stays as it is for the next time.
 */
export function continueRequest(context: Context, request: RequestRow): void {
  if (context.progress.has(request.id)) return;
  if (request.state === 'completed' && request.receipt === null) {
    void context.progress.start(request.id, () => carryOut(context, request.id));
  } else if (request.state === 'signing' && leaseIsOver(context, request)) {
    void context.progress.start(request.id, () => takeUp(context, request.id));
  }
}

async function takeUp(context: Context, id: string): Promise<void> {
  let place: Place | undefined;
  try {
    place = context.admission.reserve(await countArtifacts(context.db, id));
    if (await repeatIntent(context, id)) await carryOut(context, id);
  } catch (error) {
    if (isOriginSignError(error, 'hsm.busy')) return;
    await giveUp(context, id, { error, made: [] });
  } finally {
    place?.release();
  }
}
