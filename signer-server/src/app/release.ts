import { buildReceipt } from '../log/receipts.ts';
import { findRequest, storeReceipt } from '../store/requests.ts';
import type { Context } from './context.ts';

/**
 * Makes the receipt of a completed request once a signed checkpoint covers its RESULT. Only then does anyone get a signature.
 * The first receipt that is stored is the one that everybody gets.
 */
export async function release(context: Context, id: string): Promise<void> {
  const request = await findRequest(context.db, id);
  if (request?.state !== 'completed' || request.receipt !== null) return;
  const { result_index: index, result_records: records } = request;
  if (index === null || records === null) throw new TypeError('A completed request without RESULT.');
  const checkpoint = await context.publisher.checkpointFor(index + 1);
  await storeReceipt(context.db, id, await buildReceipt(context.db, index, records, checkpoint.note));
}
