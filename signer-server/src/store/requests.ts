import type { Insertable, Updateable } from 'kysely';
import type { State } from '@originsign/core/protocol/signing-request';
import type { Db, RequestRow, RequestsTable, Trx } from './database.ts';
import { mayFollow, OPEN_STATES } from './request-states.ts';

/** Columns that never change once a request is stored: REQUEST commits to them. */
type Fixed =
  | 'id'
  | 'state'
  | 'project'
  | 'policy'
  | 'system'
  | 'payload'
  | 'envelope'
  | 'claims'
  | 'origin'
  | 'binding'
  | 'decision'
  | 'policy_hash'
  | 'rule'
  | 'approval_terms'
  | 'limit_run_key'
  | 'created_at'
  | 'request_index'
  | 'request_records';
/** Columns that a step may set. */
export type RequestChanges = Omit<Updateable<RequestsTable>, Fixed | 'updated_at'>;

type Later =
  | 'updated_at'
  | 'attempts'
  | 'intent_index'
  | 'intent_leaf'
  | 'intent_records'
  | 'lease_owner'
  | 'lease_until'
  | 'result_index'
  | 'result_records'
  | 'failure_code'
  | 'failure_detail'
  | 'provenance'
  | 'receipt'
  | 'signing_time';
/** What a new request is stored with. */
export type NewRequest = Readonly<Omit<Insertable<RequestsTable>, Later>>;

/** Stores a new request. A known id is a mistake of the caller, who reads before in the same transaction. */
export async function insertRequest(trx: Trx, request: NewRequest): Promise<void> {
  await trx
    .insertInto('requests')
    .values({ ...request, updated_at: request.created_at, attempts: 0 })
    .execute();
}

/** The request of an id. */
export function findRequest(db: Db, id: string): Promise<RequestRow | undefined> {
  return db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A step from one state to the next. */
export interface RequestStep {
  readonly id: string;
  readonly from: State;
  readonly to: State;
  readonly now: Date;
  /** Only where the last INTENT is this one: whoever signs under an INTENT that was replaced has lost. */
  readonly intentIndex?: number | null;
  readonly set?: RequestChanges;
}

/**
 * Moves a request to its next state by compare-and-swap. False where it is no longer in the state (or under the INTENT) that
 * the caller saw. A step that {@link REQUEST_STATES} does not have is a `TypeError`.
 */
export async function moveRequest(trx: Trx, step: RequestStep): Promise<boolean> {
  if (!mayFollow(step.from, step.to)) throw new TypeError(`A request cannot go from ${step.from} to ${step.to}.`);
  return updateRequest(trx, step, { ...step.set, state: step.to });
}

/** Changes a request that stays in its state, by the same compare-and-swap. */
async function changeRequest(trx: Trx, step: Omit<RequestStep, 'to'>): Promise<boolean> {
  return updateRequest(trx, step, { ...step.set });
}

async function updateRequest(
  trx: Trx,
  { id, from, now, intentIndex }: Omit<RequestStep, 'to'>,
  changes: Updateable<RequestsTable>,
): Promise<boolean> {
  let update = trx
    .updateTable('requests')
    .set({ ...changes, updated_at: now.toISOString() })
    .where('id', '=', id)
    .where('state', '=', from);
  if (intentIndex === null) update = update.where('intent_index', 'is', null);
  else if (intentIndex !== undefined) update = update.where('intent_index', '=', intentIndex);
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** An INTENT that was just logged. */
export interface NewIntent {
  readonly id: string;
  /** The INTENT that it takes the place of, or `null` for the first. */
  readonly replaces: number | null;
  readonly index: number;
  readonly leaf: Uint8Array;
  /** Canonical JSON of the records whose root it has. */
  readonly records: string;
  readonly attempt: number;
  readonly lease: { readonly owner: string; readonly until: Date };
  readonly now: Date;
  readonly signingTime: Date;
}

/** Notes the INTENT under which a request in state `signing` is signed now. False where another one came first. */
export function recordIntent(trx: Trx, intent: NewIntent): Promise<boolean> {
  return changeRequest(trx, {
    id: intent.id,
    from: 'signing',
    now: intent.now,
    intentIndex: intent.replaces,
    set: {
      intent_index: intent.index,
      intent_leaf: intent.leaf,
      intent_records: intent.records,
      attempts: intent.attempt,
      lease_owner: intent.lease.owner,
      lease_until: intent.lease.until.toISOString(),
      signing_time: intent.signingTime.toISOString(),
    },
  });
}

/** Stores the receipt of a completed request, made after its RESULT was published. The first one stays. */
export async function storeReceipt(db: Db, id: string, receipt: string): Promise<void> {
  await db
    .updateTable('requests')
    .set({ receipt })
    .where('id', '=', id)
    .where('state', '=', 'completed')
    .where('receipt', 'is', null)
    .execute();
}

/** Ids of requests that are not finished, those that nothing happened to for longest first: what a sweep goes through. */
export async function openRequestIds(db: Db, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('requests')
    .select('id')
    .where('state', 'in', OPEN_STATES)
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Requests whose REQUEST stands behind this index of the log, in its order. */
export function requestsAfter(db: Db, index: number, limit: number): Promise<RequestRow[]> {
  return db
    .selectFrom('requests')
    .selectAll()
    .where('request_index', '>', index)
    .orderBy('request_index')
    .limit(limit)
    .execute();
}

/** Which requests to list. */
export interface RequestFilter {
  readonly project?: string;
  readonly state?: State;
  /** Only those created before this time, for the next page. */
  readonly before?: Date;
  readonly limit: number;
}

/** Requests, newest first. */
export function listRequests(db: Db, { project, state, before, limit }: RequestFilter): Promise<RequestRow[]> {
  let query = db.selectFrom('requests').selectAll();
  if (project !== undefined) query = query.where('project', '=', project);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before !== undefined) query = query.where('created_at', '<', before.toISOString());
  return query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
}
