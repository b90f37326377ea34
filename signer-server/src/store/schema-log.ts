import { sql } from 'kysely';
import { emptyRoot } from '@originsign/core/log/merkle-hash';
import type { Trx } from './database.ts';

/** Tables of the log, with the head of an empty one. */
export async function createLogTables(trx: Trx): Promise<void> {
  await trx.schema
    .createTable('log_head')
    .addColumn('id', 'integer', (column) =>
      column
        .primaryKey()
        .notNull()
        .check(sql`id = 1`),
    )
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('root', 'blob', (column) => column.notNull())
    .addColumn('frontier', 'text', (column) => column.notNull())
    .addColumn('lock_count', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await trx.schema
    .createTable('log_entries')
    .addColumn('idx', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('leaf', 'blob', (column) => column.notNull())
    .addColumn('entry', 'blob', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await trx.schema
    .createTable('log_nodes')
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('idx', 'integer', (column) => column.notNull())
    .addColumn('hash', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_nodes_key', ['level', 'idx'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await trx.schema
    .createTable('log_checkpoints')
    .addColumn('size', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('root', 'blob', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  const head = { id: 1, size: 0, root: emptyRoot(), frontier: '[]', lock_count: 0 };
  await trx.insertInto('log_head').values(head).execute();
}
