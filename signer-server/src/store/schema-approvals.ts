import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** Adds approvals to the store: what people decided, and what a request asks of them. */
export async function createApprovalTables(trx: Trx): Promise<void> {
  await trx.schema.alterTable('requests').addColumn('approval_terms', 'text').execute();
  await trx.schema
    .createTable('approvals')
    .addColumn('log_index', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('request_id', 'text', (column) => column.notNull().references('requests.id'))
    .addColumn('decision', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('statement', 'blob', (column) => column.notNull())
    .addColumn('signature', 'blob', (column) => column.notNull())
    .addColumn('salt', 'blob')
    .modifyEnd(sql`strict`)
    .execute();
  await trx.schema.createIndex('approvals_by_request').on('approvals').column('request_id').execute();
}
