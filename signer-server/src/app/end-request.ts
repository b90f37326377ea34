import { encodeHex } from '@originsign/core/encoding/hex';
import type { ErrorCode } from '@originsign/core/errors/codes';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import { recordList, type ArtifactRecord } from '@originsign/core/log/records';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { RequestRow, Trx } from '../store/database.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';

/** How a request ends that released nothing. */
export interface Ending {
  readonly to: 'failed' | 'denied' | 'expired';
  readonly code: ErrorCode;
  /** For the client; plain sentences without secrets. */
  readonly detail: string;
  readonly entry: LogEntryBody;
}

/** Ends a request that is open, and logs it, in the caller's transaction. Returns the index of the entry. */
export async function endRequest(trx: Trx, request: RequestRow, ending: Ending, now: Date): Promise<number> {
  const [appended] = await appendEntries(trx, [ending.entry], now);
  if (appended === undefined) throw new TypeError('No entry was appended.');
  await moveRequest(trx, {
    id: request.id,
    from: request.state,
    to: ending.to,
    now,
    set: { failure_code: ending.code, failure_detail: ending.detail },
  });
  return appended.index;
}

/** What a failed request leaves behind. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Signatures that the HSM made and nobody gets; the log commits to them. */
  readonly made: readonly ArtifactRecord[];
}

/** Ends a request for good. One that was completed meanwhile stays completed. */
export async function failRequest(context: Context, id: string, { code, detail, made }: Failure): Promise<void> {
  const now = context.now();
  const index = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'signing') return undefined;
    const intent = intentOf(request);
    const entry: LogEntryBody = {
      type: 'FAILURE',
      requestId: id,
      code,
      ...(intent === undefined ? {} : { intent }),
      ...(made.length === 0 ? {} : { signatures: recordList(made) }),
    };
    return endRequest(trx, request, { to: 'failed', code, detail, entry }, now);
  });
  if (index !== undefined) await context.publisher.durable(index + 1);
}

function intentOf({ intent_index: index, intent_leaf: leaf }: RequestRow): { index: number; leaf: string } | undefined {
  return index === null || leaf === null ? undefined : { index, leaf: encodeHex(leaf) };
}
