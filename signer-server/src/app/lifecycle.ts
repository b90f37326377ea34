import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';
import { VERSION } from './version.ts';

/** Logs that the server starts or stops, and waits until that is public. */
export async function logLifecycle(context: Context, type: 'START' | 'STOP'): Promise<void> {
  const { replica } = context;
  const [entry] = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    return appendEntries(
      trx,
      [type === 'START' ? { type, version: VERSION, replica } : { type, replica }],
      context.now(),
    );
  });
  if (entry !== undefined) await context.publisher.checkpointFor(entry.index + 1);
}
