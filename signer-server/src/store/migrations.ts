import type { Trx } from './database.ts';
import { createApprovalTables } from './schema-approvals.ts';
import { createLogTables } from './schema-log.ts';
import { createRequestTables } from './schema-requests.ts';

/** Steps from an empty database to the present schema, in order. A step that was released never changes. */
export const MIGRATIONS: readonly ((trx: Trx) => Promise<void>)[] = [
  async (trx) => {
    await createRequestTables(trx);
    await createLogTables(trx);
  },
  createApprovalTables,
];
