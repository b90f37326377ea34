import { isOriginSignError } from '@originsign/core/errors/error';
import { formatVerifierKey, type NoteKey } from '@originsign/core/log/note-key';
import type { TrustedLog } from '@originsign/core/log/trusted-log';
import type { ArtifactRow, Db } from '../store/database.ts';
import { checkApprovalRows } from './committed-approvals.ts';
import { checkArtifactRows } from './committed-artifacts.ts';
import { readHistory, type CommittedRequest } from './committed-history.ts';
import { checkKeyRows } from './committed-keys.ts';
import { checkRequestRow } from './committed-requests.ts';
import { readHead } from './head.ts';
import { readEntry } from './read.ts';
import { rowError } from './row-comparison.ts';

/** What was compared. */
export interface CommitmentReport {
  readonly requests: number;
  readonly artifacts: number;
  readonly approvals: number;
  /** Keys and key sets of issuers. */
  readonly keys: number;
}

const BATCH = 200;

/** The log whose rows are compared. */
export interface CommittingLog {
  readonly origin: string;
  readonly keys: readonly NoteKey[];
}

/**
 * Compares every stored row that the log commits to with the log: requests, artifacts, approvals, keys, key sets of issuers. Finds rows
 * that were changed, added or deleted. Run it after {@link verifyStoreLog}, which is what makes the log worth comparing with.
 * Safe while a server is running: what seems to differ because the log grew meanwhile is compared again under the write lock.
 *
 * The first difference is thrown as `store.corrupt`; its message names table, row and column, its `details` are
 * `{table, row, column?}`. Also throws `log.corrupt`.
 */
export async function verifyCommitments(db: Db, log: CommittingLog): Promise<CommitmentReport> {
  const before = await readHead(db);
  try {
    return await compareAll(db, log);
  } catch (error) {
    const mayBeNews = isOriginSignError(error, 'store.corrupt') && !db.isTransaction;
    if (!mayBeNews || (await readHead(db)).size === before.size) throw error;
    return db.transaction().execute((trx) => compareAll(trx, log));
  }
}

async function compareAll(db: Db, { origin, keys }: CommittingLog): Promise<CommitmentReport> {
  const history = await readHistory(db);
  const vkeys = keys.map((key) => ({ vkey: formatVerifierKey(key), validFrom: '', fromSize: 0 }));
  const log: TrustedLog = { origin, keys: vkeys };
  const checkedKeys = await checkKeyRows(db, history);
  const committed = [...history.requests];
  let artifacts = 0;
  for (let begin = 0; begin < committed.length; begin += BATCH) {
    artifacts += await checkBatch(db, committed.slice(begin, begin + BATCH), log);
  }
  await refuseUnknownRequests(db, history.requests);
  const approvals = await checkApprovalRows(db, history.requests, (index) => readEntry(db, index));
  return { requests: committed.length, artifacts, approvals, keys: checkedKeys };
}

async function checkBatch(
  db: Db,
  committed: readonly (readonly [string, CommittedRequest])[],
  log: TrustedLog,
): Promise<number> {
  const ids = committed.map(([id]) => id);
  const rows = await db.selectFrom('requests').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const artifacts = await artifactsOf(db, ids);
  for (const [id, request] of committed) {
    const row = byId.get(id);
    if (row === undefined) {
      const what = `the row is missing, but log entry ${request.request} is its REQUEST`;
      throw rowError({ table: 'requests', row: id }, undefined, what);
    }
    await checkRequestRow(row, request, (index) => readEntry(db, index), log);
    checkArtifactRows(row, artifacts.get(id) ?? []);
  }
  return [...artifacts.values()].reduce((sum, { length }) => sum + length, 0);
}

async function artifactsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly ArtifactRow[]>> {
  const rows = await db.selectFrom('artifacts').selectAll().where('request_id', 'in', ids).execute();
  const byRequest = new Map<string, ArtifactRow[]>();
  for (const row of rows) {
    const known = byRequest.get(row.request_id);
    if (known === undefined) byRequest.set(row.request_id, [row]);
    else known.push(row);
  }
  return byRequest;
}

/** A request that was put into the store past the log. */
async function refuseUnknownRequests(db: Db, known: ReadonlyMap<string, CommittedRequest>): Promise<void> {
  const rows = await db.selectFrom('requests').select('id').execute();
  const unknown = rows.find(({ id }) => !known.has(id));
  if (unknown === undefined) return;
  throw rowError({ table: 'requests', row: unknown.id }, undefined, 'the log says nothing of the request');
}
