import { sha256Hex } from '@originsign/core/encoding/sha256';
import { commitTo } from '@originsign/core/log/commitment';
import { parseEntryOf } from '@originsign/core/log/entries';
import type { ApprovalRow, Db } from '../store/database.ts';
import type { CommittedRequest } from './committed-history.ts';
import type { EntryReader } from './committed-requests.ts';
import { compareRow, rowError } from './row-comparison.ts';

/** Compares stored approvals with the log: none changed, added or deleted. Throws `store.corrupt`. Returns how many there are. */
export async function checkApprovalRows(
  db: Db,
  requests: ReadonlyMap<string, CommittedRequest>,
  entry: EntryReader,
): Promise<number> {
  const rows = await db.selectFrom('approvals').selectAll().execute();
  const byIndex = new Map(rows.map((row) => [row.log_index, row]));
  let checked = 0;
  for (const [id, { approvals }] of requests) {
    for (const index of approvals) {
      const row = byIndex.get(index);
      if (row?.request_id !== id) {
        const what = `the row is missing, but log entry ${index} is its APPROVAL`;
        throw rowError({ table: 'approvals', row: String(index) }, undefined, what);
      }
      compareApproval(row, await entry(index));
      checked += 1;
    }
  }
  const unknown = rows.find(({ log_index: index, request_id: id }) => !isLogged(requests, id, index));
  if (unknown === undefined) return checked;
  const place = { table: 'approvals', row: String(unknown.log_index) } as const;
  throw rowError(place, undefined, 'the log says nothing of the approval');
}

function isLogged(requests: ReadonlyMap<string, CommittedRequest>, id: string, index: number): boolean {
  return requests.get(id)?.approvals.includes(index) === true;
}

function compareApproval(row: ApprovalRow, bytes: Uint8Array): void {
  const entry = parseEntryOf('APPROVAL', bytes);
  const { salt } = row;
  compareRow({ table: 'approvals', row: String(row.log_index) }, `APPROVAL in log entry ${row.log_index}`, [
    ['decision', () => row.decision, entry.decision],
    ['created_at', () => row.created_at, entry.time],
    ['statement', () => sha256Hex(row.statement), entry.statementSha256],
    ['signature', () => sha256Hex(row.signature), entry.signatureSha256],
    ...(salt === null ? [] : ([['person', () => commitTo('approver', salt, row.person), entry.approver]] as const)),
  ]);
}
