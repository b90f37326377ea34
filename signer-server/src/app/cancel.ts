import { OriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';
import { currentView, ownRequest } from './follow.ts';

/** Takes a request back that nothing was signed for. Cancelling twice is once. Throws `request.state` after INTENT. */
export async function cancel(context: Context, id: string, call: ReceivedCall): Promise<SigningRequestView> {
  await ownRequest(context, id, call);
  const now = context.now();
  const index = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state === 'cancelled') return undefined;
    if (request?.state !== 'waiting_for_approval') {
      throw new OriginSignError('request.state', 'The request cannot be cancelled any more.', {
        hint: 'signing has begun, or the request is over',
        details: { state: request?.state },
      });
    }
    const [entry] = await appendEntries(trx, [{ type: 'CANCEL', requestId: id }], now);
    await moveRequest(trx, { id, from: 'waiting_for_approval', to: 'cancelled', now });
    return entry?.index;
  });
  context.progress.tell(id);
  if (index !== undefined) await context.publisher.durable(index + 1);
  return currentView(context, id);
}
