import { encodeHex } from '@originsign/core/encoding/hex';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { ErrorCode } from '@originsign/core/errors/codes';
import { formatRecords, recordList, type ArtifactRecord } from '@originsign/core/log/records';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { listArtifacts, storeFinished } from '../store/artifacts.ts';
import type { RequestRow } from '../store/database.ts';
import { findRequest, moveRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';
import { failRequest } from './end-request.ts';
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
  // Another replica took the request over, and ends it.
  'request.state',
]);

/**
 * Signs a request under its last INTENT and releases it: HSM, check, timestamps, provenance, RESULT, checkpoint, receipt. Reads
 * everything from the store, so that it is the same work after a restart. Never rejects: what happened stands in the store.
 */
export async function carryOut(context: Context, id: string): Promise<void> {
  let made: readonly ArtifactRecord[] = [];
  try {
    const request = await findRequest(context.db, id);
    if (request?.state === 'signing' && request.intent_index !== null) {
      const work = await signEverything(context, request);
      made = resultRecords(storedStatement(request), work.finished);
      if ('failure' in work) throw work.failure;
      await recordResult(context, request, work);
    }
    await release(context, id);
  } catch (error) {
    await giveUp(context, id, { error, made });
  }
}

/** What came of the HSM: everything, or the reason why not everything and what was made all the same. */
type Work = SignedRequest | { readonly failure: unknown; readonly finished: readonly FinishedArtifact[] };

async function signEverything(context: Context, request: RequestRow): Promise<Work> {
  const { id, intent_index: index, intent_leaf: leaf, signing_time: signingTime } = request;
  if (index === null || leaf === null || signingTime === null) throw new TypeError('No INTENT.');
  const prepared = storedPrepared(await listArtifacts(context.db, id), context.keys());
  const terms = { timestamp: timestampWish(context, request), signingTime: new Date(signingTime) };
  // Both to their end, so that nothing is still being signed when the request is taken up again.
  const [finishing, [proving]] = await Promise.all([
    finishArtifacts(prepared, terms, context),
    Promise.allSettled([signProvenance(context, request)]),
  ]);
  const { finished } = finishing;
  if ('failure' in finishing) return finishing;
  if (proving.status === 'rejected') return { failure: proving.reason, finished };
  return { intent: { index, leaf: encodeHex(leaf) }, finished, provenance: proving.value };
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
  for (const { format } of finished) context.counters.signed(format.id);
}

/** Leaves a request that met a passing fault as it is, and ends it for any other. Never rejects. */
export async function giveUp(
  context: Context,
  id: string,
  { error, made }: { readonly error: unknown; readonly made: readonly ArtifactRecord[] },
): Promise<void> {
  const code: ErrorCode = isOriginSignError(error) ? error.code : 'internal.error';
  context.journal.error({ err: error, code, signingRequest: id }, 'signing did not finish');
  if (TRANSIENT.has(code)) return;
  try {
    const detail = isOriginSignError(error) ? error.message : 'Something failed inside that should not have.';
    await failRequest(context, id, { code, detail, made });
  } catch (second) {
    context.journal.error({ err: second, signingRequest: id }, 'the failure could not be recorded');
  }
}
