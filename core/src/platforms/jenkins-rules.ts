import { conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';

/**
 * Load rules for allow rules on Jenkins. The project links a job or a folder; a rule must also say which jobs, because whoever
 * may configure a folder can add one. Where the server asks the controller, the rule must say which repository and which
 * branches too: a job can be pointed at any.
 */
export function checkJenkinsRule(rule: RuleView): readonly RuleProblem[] {
  const isNamed = (claim: string): boolean =>
    conditionsOn(rule, claim).some((condition) => isExact(condition) || condition.operator === 'glob');
  const problems: RuleProblem[] = [];
  if (!isNamed('jenkins.sub')) {
    problems.push({
      message: 'the rule does not say which jobs it allows',
      hint: 'add jenkins.sub: {is: "https://jenkins.acme.example/job/app/"}',
    });
  }
  if (!rule.hasConnector) return problems;
  if (!conditionsOn(rule, 'jenkins.scm_url').some(isExact)) {
    problems.push({
      message: 'the rule does not name the repository, and a job can be pointed at any',
      hint: 'add jenkins.scm_url: {is: "https://git.acme.example/acme/app"}',
    });
  }
  if (!isNamed('jenkins.scm_branch')) {
    problems.push({
      message: 'the rule does not say which branches it allows',
      hint: 'add jenkins.scm_branch: {glob: "refs/heads/release/*"}',
    });
  }
  return problems;
}
