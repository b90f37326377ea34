import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { approvedRequestIds, overdueRequestIds } from '../store/approvals.ts';
import { purgeProofLocks } from '../store/proof-locks.ts';
import { findRequest, openRequestIds } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { purgeTokens } from '../store/used-tokens.ts';
import type { Context } from './context.ts';
import { continueWaiting } from './begin-approved.ts';
import { continueRequest } from './continue.ts';

/** Requests that one sweep looks at; those that nothing happened to for longest come first. */
const AT_ONCE = 200;

/** Takes up what is not finished, and forgets tokens that are long dead. Run at the start and every few seconds. */
export async function sweep(context: Context): Promise<void> {
  for (const id of await openRequestIds(context.db, AT_ONCE)) {
    const request = context.progress.has(id) ? undefined : await findRequest(context.db, id);
    if (request !== undefined) continueRequest(context, request);
  }
  await context.roster.refresh();
  const overdue = await overdueRequestIds(context.db, context.now(), AT_ONCE);
  for (const id of [...overdue, ...(await approvedRequestIds(context.db, AT_ONCE))]) await continueWaiting(context, id);
  await purgeTokens(context.db, context.now());
  await purgeProofLocks(context.db, context.now());
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
