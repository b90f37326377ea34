import { checkBranchOrTagRef, conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';

/**
 * Load rules for allow rules on CircleCI. Project and organization are pinned by the ids that the project links. A rule must
 * also pin the pipeline definition, the repository, which for pull requests from forks is the fork, and a branch or tag.
 */
export function checkCircleciRule(rule: RuleView): readonly RuleProblem[] {
  const names = (claim: string): boolean => conditionsOn(rule, claim).some(isExact);
  const problems: RuleProblem[] = [...checkBranchOrTagRef(rule, 'circleci.vcs-ref')];
  if (!names('circleci.vcs-origin')) {
    problems.push({
      message: 'the rule does not name the repository, and a project can build forks',
      hint: 'add circleci.vcs-origin: {is: github.com/acme/app}',
    });
  }
  if (!names('circleci.pipeline-definition-id')) {
    problems.push({
      message: 'the rule does not name the pipeline definition',
      hint: 'add circleci.pipeline-definition-id: {is: …}, from the settings of the project',
    });
  }
  return problems;
}
