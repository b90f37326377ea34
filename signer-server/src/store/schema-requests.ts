import { sql, type CreateTableBuilder } from 'kysely';
import type { Trx } from './database.ts';

/** A table whose columns are named by strings, not by types: the types stand in database.ts. */
type Table = CreateTableBuilder<string, string>;

/** A table that keeps values of other types than its columns out. */
async function create(trx: Trx, name: string, columns: (table: Table) => Table): Promise<void> {
  await columns(trx.schema.createTable(name) as Table)
    .modifyEnd(sql`strict`)
    .execute();
}

/** Tables of requests, keys and one-use tokens. */
export async function createRequestTables(trx: Trx): Promise<void> {
  await create(trx, 'meta', (table) =>
    table
      .addColumn('key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('value', 'text', (column) => column.notNull()),
  );
  await create(trx, 'keys', (table) =>
    table
      .addColumn('label', 'text', (column) => column.primaryKey().notNull())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('token', 'text', (column) => column.notNull())
      .addColumn('cka_id', 'blob', (column) => column.notNull())
      .addColumn('spki', 'blob', (column) => column.notNull().unique())
      .addColumn('certificates', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('trial', 'integer', (column) => column.notNull())
      .addColumn('retired_at', 'text'),
  );
  await createRequests(trx);
  await createArtifacts(trx);
  await createTokenTables(trx);
}

async function createRequests(trx: Trx): Promise<void> {
  const required = ['state', 'project', 'policy', 'system', 'created_at', 'updated_at', 'deadline'];
  const documents = ['envelope', 'key_thumbprint', 'claims', 'origin', 'binding', 'decision', 'policy_hash', 'rule'];
  const optional = ['intent_records', 'lease_owner', 'lease_until', 'result_records', 'failure_code', 'failure_detail'];
  await create(trx, 'requests', (table) => {
    let columns = table.addColumn('id', 'text', (column) => column.primaryKey().notNull());
    for (const name of [...required, ...documents, 'limit_run_key', 'request_records']) {
      columns = columns.addColumn(name, 'text', (column) => column.notNull());
    }
    for (const name of [...optional, 'signing_time', 'provenance', 'receipt'])
      columns = columns.addColumn(name, 'text');
    return columns
      .addColumn('payload', 'blob', (column) => column.notNull())
      .addColumn('commitment_salt', 'blob')
      .addColumn('request_index', 'integer', (column) => column.notNull().unique())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('intent_index', 'integer', (column) => column.unique())
      .addColumn('intent_leaf', 'blob')
      .addColumn('result_index', 'integer', (column) => column.unique());
  });
  await trx.schema.createIndex('requests_by_run').on('requests').column('limit_run_key').execute();
  await trx.schema
    .createIndex('requests_by_rule')
    .on('requests')
    .columns(['project', 'policy', 'rule', 'created_at'])
    .execute();
  await trx.schema.createIndex('requests_by_state').on('requests').columns(['state', 'deadline']).execute();
}

async function createArtifacts(trx: Trx): Promise<void> {
  const texts = [
    'name',
    'format',
    'covered_algorithm',
    'covered_value',
    'inputs',
    'options',
    'claimed_sha256',
    'key_label',
  ];
  await create(trx, 'artifacts', (table) => {
    let columns = table
      .addColumn('request_id', 'text', (column) => column.notNull().references('requests.id'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('claimed_size', 'integer', (column) => column.notNull());
    for (const name of texts) columns = columns.addColumn(name, 'text', (column) => column.notNull());
    for (const name of ['structure', 'to_be_signed', 'signature', 'timestamp_token', 'block']) {
      columns = columns.addColumn(name, 'blob');
    }
    return columns
      .addColumn('to_be_signed_kind', 'text')
      .addColumn('timestamp_time', 'text')
      .addPrimaryKeyConstraint('artifacts_key', ['request_id', 'position']);
  });
}

async function createTokenTables(trx: Trx): Promise<void> {
  await create(trx, 'used_tokens', (table) =>
    table
      .addColumn('token_key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull()),
  );
  await create(trx, 'proof_locks', (table) =>
    table
      .addColumn('token_key', 'text', (column) => column.primaryKey().notNull())
      .addColumn('key_thumbprint', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull()),
  );
  await create(trx, 'evidence', (table) =>
    table
      .addColumn('request_id', 'text', (column) => column.notNull().references('requests.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('sealed', 'blob', (column) => column.notNull())
      .addColumn('disclose_after', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('evidence_key', ['request_id', 'kind']),
  );
  await create(trx, 'issuer_key_sets', (table) =>
    table
      .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
      .addColumn('system', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('first_seen', 'text', (column) => column.notNull()),
  );
}
