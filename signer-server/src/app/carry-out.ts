import { encodeHex } from '@originsign/core/encoding/hex';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { ErrorCode } from '@originsign/core/errors/codes';
import { formatRecords, recordList } from '@originsign/core/log/records';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { listArtifacts, storeFinished } from '../store/artifacts.ts';
import type { RequestRow } from '../store/database.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';
import { finishArtifacts } from './finish-artifacts.ts';
import { signProvenance, type SignedProvenance } from './provenance.ts';
import { resultRecords, type FinishedArtifact } from './records.ts';
import { release } from './release.ts';
import { storedPrepared, storedStatement } from './stored-request.ts';
import { timestampWish } from './timestamp-wish.ts';

/** Faults that pass: the request stays `signing` and is tried again until its deadline. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'hsm.unavailable',
  'hsm.busy',
  'hsm.failed',
  'timestamp.unavailable',
  'timestamp.invalid',
  'store.unavailable',
  'log.unavailable',
]);

/**
 * Signs a request under its last INTENT and releases it: HSM, check, timestamps, provenance, RESULT, checkpoint, receipt. Reads
 * everything from the store, so that it is the same work after a restart. Never rejects: what happened stands in the store.
 */
export async function carryOut(context: Context, id: string): Promise<void> {
  try {
    const request = await findRequest(context.db, id);
    if (request?.state === 'signing' && request.intent_index !== null) await signAndRecord(context, request);
    await release(context, id);
  } catch (error) {
    await giveUpUnlessTransient(context, id, error);
  }
}

async function signAndRecord(context: Context, request: RequestRow): Promise<void> {
  const { id, intent_index: intentIndex, intent_leaf: intentLeaf, signing_time: signingTime } = request;
  if (intentIndex === null || intentLeaf === null || signingTime === null) throw new TypeError('No INTENT.');
  const prepared = storedPrepared(await listArtifacts(context.db, id), context.keys());
  const terms = { timestamp: timestampWish(context, request), signingTime: new Date(signingTime) };
  // Both to their end, so that nothing is still being signed when the request is taken up again.
  const [finishing, proving] = await Promise.allSettled([
    finishArtifacts(prepared, terms, context),
    signProvenance(context, request),
  ]);
  if (finishing.status === 'rejected') throw finishing.reason;
  if (proving.status === 'rejected') throw proving.reason;
  const { value: finished } = finishing;
  const { value: provenance } = proving;
  const intent = { index: intentIndex, leaf: encodeHex(intentLeaf) };
  await recordResult(context, request, { intent, finished, provenance });
}

/** Everything that was signed for a request, and the INTENT under which. */
interface SignedRequest {
  readonly intent: { readonly index: number; readonly leaf: string };
  readonly finished: readonly FinishedArtifact[];
  readonly provenance: SignedProvenance;
}

/** Appends RESULT and stores what it commits to, by compare-and-swap on the INTENT: a replaced one records nothing. */
async function recordResult(
  context: Context,
  request: RequestRow,
  { intent, finished, provenance }: SignedRequest,
): Promise<void> {
  const records = resultRecords(storedStatement(request), finished);
  const now = context.now();
  await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const [result] = await appendEntries(
      trx,
      [
        {
          type: 'RESULT',
          requestId: request.id,
          intent,
          artifacts: recordList(records),
          provenanceSha256: provenance.payloadSha256,
        },
      ],
      now,
    );
    const moved = await moveRequest(trx, {
      id: request.id,
      from: 'signing',
      to: 'completed',
      now,
      intentIndex: intent.index,
      set: {
        result_index: result?.index ?? null,
        result_records: formatRecords(records),
        provenance: provenance.bundle,
      },
    });
    if (!moved) throw new OriginSignError('request.state', 'Another replica took the request over.');
    await storeFinished(trx, request.id, finished);
  });
}

async function giveUpUnlessTransient(context: Context, id: string, error: unknown): Promise<void> {
  const code: ErrorCode = isOriginSignError(error) ? error.code : 'internal.error';
  context.journal.error({ err: error, code, signingRequest: id }, 'signing did not finish');
  if (TRANSIENT.has(code) || code === 'request.state') return;
  try {
    await fail(context, id, code, isOriginSignError(error) ? error.message : 'Something failed inside.');
  } catch (second) {
    context.journal.error({ err: second, signingRequest: id }, 'the failure could not be recorded');
  }
}

/** Ends a request for good. One that was completed meanwhile stays completed. */
async function fail(context: Context, id: string, code: ErrorCode, detail: string): Promise<void> {
  const now = context.now();
  const end = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'signing') return undefined;
    const { intent_index: index, intent_leaf: leaf } = request;
    const intent = index === null || leaf === null ? undefined : { index, leaf: encodeHex(leaf) };
    const [entry] = await appendEntries(
      trx,
      [{ type: 'FAILURE', requestId: id, code, ...(intent === undefined ? {} : { intent }) }],
      now,
    );
    await moveRequest(trx, {
      id,
      from: 'signing',
      to: 'failed',
      now,
      set: { failure_code: code, failure_detail: detail },
    });
    return entry?.index;
  });
  if (end !== undefined) await context.publisher.durable(end + 1);
}
