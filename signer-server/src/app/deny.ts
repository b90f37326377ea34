import { isOriginSignError } from '@originsign/core/errors/error';
import type { ErrorCode } from '@originsign/core/errors/codes';
import type { DecisionTrace } from '@originsign/core/protocol/trace';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { transaction } from '../store/transaction.ts';
import type { AuthenticatedSubmission } from './admit.ts';
import type { Context } from './context.ts';
import { jsonHash } from './trace-hash.ts';

/** Refusals that an auditor asks about. The others are the sender's mistakes, or the server's trouble. */
const LOGGED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'policy.denied',
  'policy.unknown',
  'policy.format',
  'policy.limit',
  'token.replayed',
  'token.key',
  'connector.disagrees',
  'approval.requester',
  'approval.roster',
  'key.unknown',
  'key.purpose',
  'key.certificate',
  'format.key_type',
]);

/** Logs the refusal of a linked repository, before it is answered. A request is not remembered for it: fixed, it may come again. */
export async function logDenial(context: Context, submission: AuthenticatedSubmission, error: unknown): Promise<void> {
  if (!isOriginSignError(error) || !LOGGED.has(error.code)) return;
  const { statement, asker } = submission;
  const { code, details } = error;
  if (!context.strangers.isDenialToldOf(asker.system, asker.origin.repository.id, context.now())) return;
  const trace = details?.['trace'] as DecisionTrace | undefined;
  const rule = trace?.rule ?? details?.['rule'];
  const appended = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    return appendEntries(
      trx,
      [
        {
          type: 'DENIAL',
          requestId: submission.id,
          project: statement.project,
          policy: statement.policy,
          system: asker.system,
          code,
          ...(typeof rule === 'string' ? { rule } : {}),
          ...(trace === undefined ? {} : { traceSha256: jsonHash(trace) }),
          repositoryId: asker.origin.repository.id,
        },
      ],
      context.now(),
    );
  });
  const last = appended.at(-1);
  if (last !== undefined) await context.publisher.durable(last.index + 1);
}
