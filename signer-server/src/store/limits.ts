import type { Db } from './database.ts';
import { COUNTED_STATES } from './request-states.ts';

/** The rule whose limit is counted. */
export interface LimitedRule {
  readonly project: string;
  readonly policy: string;
  readonly rule: string;
}

function counted(db: Db, { project, policy, rule }: LimitedRule) {
  return db
    .selectFrom('requests')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('project', '=', project)
    .where('policy', '=', policy)
    .where('rule', '=', rule)
    .where('state', 'in', COUNTED_STATES);
}

/**
 * Requests of one run under a rule. Those that ended without a release do not count. Only inside of the transaction that
 * stores the next request does the number mean anything.
 */
export async function countForRun(db: Db, rule: LimitedRule, limitRunKey: string): Promise<number> {
  const { count } = await counted(db, rule).where('limit_run_key', '=', limitRunKey).executeTakeFirstOrThrow();
  return Number(count);
}

/** Requests under a rule since a time, counted likewise. */
export async function countSince(db: Db, rule: LimitedRule, since: Date): Promise<number> {
  const { count } = await counted(db, rule).where('created_at', '>', since.toISOString()).executeTakeFirstOrThrow();
  return Number(count);
}
