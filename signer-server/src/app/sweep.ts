import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { openRequests } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { purgeTokens } from '../store/used-tokens.ts';
import type { Context } from './context.ts';
import { continueRequest } from './continue.ts';

/** Takes up everything that is not finished, and forgets tokens that are long dead. Run at the start and every few seconds. */
export async function sweep(context: Context): Promise<void> {
  for (const request of await openRequests(context.db)) await continueRequest(context, request);
  await purgeTokens(context.db, context.now());
}

/** Logs how many unlinked repositories were refused since the last time; nothing where none was. Run every few minutes. */
export async function logStrangers(context: Context): Promise<void> {
  const now = context.now();
  const counted = context.strangers.take(now);
  if (counted === undefined) return;
  const [entry] = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const { since, refusals: count } = counted;
    return appendEntries(trx, [{ type: 'REFUSALS', since: since.toISOString(), count }], now);
  });
  if (entry !== undefined) await context.publisher.durable(entry.index + 1);
}
