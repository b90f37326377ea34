import { OriginSignError } from '@originsign/core/errors/error';
import type { Requirements } from '@originsign/core/policy/evaluate';
import { countForRun, countSince, type LimitedRule } from '../store/limits.ts';
import type { Trx } from '../store/database.ts';

const HOUR_MS = 3_600_000;

/**
 * Counts what the rule's limits allow, inside of the transaction that stores the request: of any number of racing requests
 * exactly as many pass as the limit says. Throws `policy.limit`.
 */
export async function checkLimits(
  trx: Trx,
  use: { readonly rule: LimitedRule; readonly runKey: string; readonly now: Date },
  { perRun, perHour }: Requirements['limits'],
): Promise<void> {
  const { rule, runKey, now } = use;
  if (perRun !== undefined) refuseAbove('perRun', perRun, await countForRun(trx, rule, runKey), rule);
  if (perHour !== undefined) {
    refuseAbove('perHour', perHour, await countSince(trx, rule, new Date(now.getTime() - HOUR_MS)), rule);
  }
}

function refuseAbove(limit: 'perRun' | 'perHour', allowed: number, used: number, rule: LimitedRule): void {
  if (used < allowed) return;
  const per = limit === 'perRun' ? 'run' : 'hour';
  throw new OriginSignError('policy.limit', `Rule ${rule.rule} allows ${allowed} requests per ${per}.`, {
    hint: limit === 'perRun' ? 'sign all artifacts of a run in one request' : 'wait, or ask the owners of the policy',
    details: { rule: rule.rule, limit, allowed, used },
  });
}

/** Names a CI run for its limit: the ids are the platform's own, so that a re-run is the same run. */
export function runKeyOf(system: string, repositoryId: string, runId: string): string {
  return JSON.stringify([system, repositoryId, runId]);
}
