import { OriginSignError } from '@originsign/core/errors/error';
import { lockToken } from '../store/proof-locks.ts';
import { transaction } from '../store/transaction.ts';
import type { AuthenticatedSubmission } from './admit.ts';
import type { Context } from './context.ts';

/** Locks are remembered past the end of the token, so that no clock skew opens a window for a second key. */
const REMEMBER_MS = 3_600_000;

/**
 * Ties tokens that name no request to the key that presents them, whatever the policy says afterwards: who stole one comes too
 * late, or is noticed when its owner does. Throws `token.key` where another key came first.
 */
export async function lockToFirstKey(context: Context, submission: AuthenticatedSubmission): Promise<void> {
  if (submission.asker.binding !== 'proof') return;
  const { keyThumbprint, tokens } = submission;
  const isOwner = await transaction(context.db, async (trx) => {
    let all = true;
    for (const { tokenKey, expiresAt: end } of tokens) {
      const expiresAt = new Date(end.getTime() + REMEMBER_MS);
      if (tokenKey !== undefined && !(await lockToken(trx, { tokenKey, keyThumbprint, expiresAt }))) all = false;
    }
    return all;
  });
  if (!isOwner) throw new OriginSignError('token.key', 'Another key presented this token first.');
}
