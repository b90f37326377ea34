import { platformByType } from '../platforms/platforms.ts';
import type { ConditionTrace } from '../protocol/trace.ts';
import { type Lookup, traceCondition } from './claim-lookup.ts';
import type { AllowRule } from './model.ts';

/**
 * The condition that a rule on the path of a workflow implies: the file lies in the repository that runs. Platforms can run
 * workflows of other repositories, and a rule that wants one says so by naming its repository.
 */
export function ownWorkflowTrace(
  rule: Pick<AllowRule, 'conditions' | 'at'>,
  platformType: string,
  lookup: Lookup,
): readonly ConditionTrace[] {
  const names = platformByType(platformType)?.workflowClaims;
  if (names === undefined) return [];
  const states = (claim: string): boolean => rule.conditions.some((condition) => condition.claim === claim);
  if (!states(names.path) || states(names.repository)) return [];
  const own = lookup(names.own);
  const value = typeof own === 'string' ? own : '';
  return [traceCondition({ claim: names.repository, operator: 'is', value, expected: value, at: rule.at }, lookup)];
}
