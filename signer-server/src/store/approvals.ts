import type { Insertable } from 'kysely';
import type { ApprovalRow, ApprovalsTable, Db, Trx } from './database.ts';

/** Stores a decision, in the transaction that logs it. */
export async function insertApproval(trx: Trx, approval: Readonly<Insertable<ApprovalsTable>>): Promise<void> {
  await trx.insertInto('approvals').values(approval).execute();
}

/** Decisions about a request, in the order in which they were taken. */
export function listApprovals(db: Db, requestId: string): Promise<ApprovalRow[]> {
  return db.selectFrom('approvals').selectAll().where('request_id', '=', requestId).orderBy('log_index').execute();
}

/** Ids of requests that have waited longer than they may, the oldest first. */
export async function overdueRequestIds(db: Db, now: Date, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('state', '=', 'waiting_for_approval')
    .where('deadline', '<=', now.toISOString())
    .orderBy('deadline')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of requests that wait and that somebody approved. */
export async function approvedRequestIds(db: Db, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('state', '=', 'waiting_for_approval')
    .where('id', 'in', db.selectFrom('approvals').select('request_id').where('decision', '=', 'approve'))
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
