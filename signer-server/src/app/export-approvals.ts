import { formatApprovalExport } from '@originsign/core/verify/approval-export';
import type { Db } from '../store/database.ts';
import { storedOrigin } from './stored-request.ts';

/**
 * What auditors need besides the log to check approvals: the signed documents whose hashes it has, and the salts of the people
 * in it. What was deleted for the sake of those people is missing.
 */
export async function exportedApprovals(db: Db, size: number): Promise<string> {
  const rows = await db
    .selectFrom('approvals')
    .selectAll()
    .where('log_index', '<', size)
    .orderBy('log_index')
    .execute();
  const requests = await db
    .selectFrom('requests')
    .selectAll()
    .where('approval_terms', 'is not', null)
    .where('request_index', '<', size)
    .orderBy('request_index')
    .execute();
  return formatApprovalExport({
    approvals: rows.flatMap(({ statement, signature, salt }) =>
      salt === null ? [] : [{ statement, signature, approverSalt: salt }],
    ),
    requesters: requests.flatMap((request) => {
      const { actorId } = storedOrigin(request);
      const { id: requestId, commitment_salt: actorSalt } = request;
      return actorId === undefined || actorSalt === null ? [] : [{ requestId, actorId, actorSalt }];
    }),
  });
}
