import { checkBranchOrTagRef, conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';
import { checkTriggers } from './trigger-rules.ts';

/** What starts builds. Source: buildkite.com/docs, `BUILDKITE_SOURCE`. */
export const BUILDKITE_SOURCES: readonly string[] = ['api', 'schedule', 'trigger_job', 'ui', 'webhook'];

/**
 * Load rules for allow rules on Buildkite. Pipeline and organization are pinned by the ids that the project links. A rule must
 * also pin the source of the build, because whoever starts one by hand names branch and commit freely, a branch or tag, and
 * the step: every step of a pipeline can ask for tokens.
 */
export function checkBuildkiteRule(rule: RuleView): readonly RuleProblem[] {
  return [
    ...checkTriggers(rule, {
      claim: 'buildkite.build_source',
      noun: 'source',
      example: '{is: webhook}',
      forbidden: {},
    }),
    ...checkBranchOrTagRef(rule, 'buildkite.ref'),
    ...(conditionsOn(rule, 'buildkite.step_key').some(isExact)
      ? []
      : [{ message: 'the rule does not name the step', hint: 'add buildkite.step_key: {is: sign}' }]),
  ];
}
