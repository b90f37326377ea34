import { GITHUB_TRIGGERS } from './github-rules.ts';
import { checkBranchOrTagRef, conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';
import { checkTriggers } from './trigger-rules.ts';

/**
 * Load rules for allow rules on Forgejo: those of GitHub, with the one workflow that the tokens name. Repository and owner are
 * pinned by the ids that the project links.
 */
export function checkForgejoRule(rule: RuleView): readonly RuleProblem[] {
  return [
    ...checkTriggers(rule, { claim: 'forgejo.event_name', ...GITHUB_TRIGGERS }),
    ...checkBranchOrTagRef(rule, 'forgejo.ref'),
    ...(conditionsOn(rule, 'forgejo.workflow_path').some(isExact)
      ? []
      : [
          {
            message: 'the rule does not name the workflow file',
            hint: 'add forgejo.workflow_path: {is: .forgejo/workflows/release.yml}',
          },
        ]),
  ];
}
