import { checkBranchOrTagRef, conditionsOn, isExact, operandTexts } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';

/**
 * Load rules for allow rules on Jenkins. The project links a job or a folder; a rule must also say which jobs, because whoever
 * may configure a folder can add one. Where the server asks the controller, the rule must say which repository and which
 * branches too: a job can be pointed at any. Where it does not, nothing tells the build of a pull request but its job's name,
 * so a pattern of jobs is not enough.
 */
export function checkJenkinsRule(rule: RuleView): readonly RuleProblem[] {
  if (!isNamed(rule, 'jenkins.sub')) {
    const message = 'the rule does not say which jobs it allows';
    const hint = 'add jenkins.sub: {is: "https://jenkins.acme.example/job/app/"}';
    return [{ message, hint }, ...checkSources(rule)];
  }
  return checkSources(rule);
}

function checkSources(rule: RuleView): readonly RuleProblem[] {
  if (!rule.hasConnector) return checkPattern(rule);
  const refs = checkBranchOrTagRef(rule, 'jenkins.scm_branch');
  if (conditionsOn(rule, 'jenkins.scm_url').some(isExact)) return refs;
  const message = 'the rule does not name the repository, and a job can be pointed at any';
  return [{ message, hint: 'add jenkins.scm_url: {is: "https://git.acme.example/acme/app"}' }, ...refs];
}

function checkPattern(rule: RuleView): readonly RuleProblem[] {
  const jobs = conditionsOn(rule, 'jenkins.sub');
  const isPattern = jobs.some(({ operator }) => operator === 'glob') && !jobs.some(isExact);
  if (!isPattern || ['jenkins.branch_name', 'jenkins.tag_name'].some((claim) => isNarrow(rule, claim))) return [];
  return [
    {
      claim: 'jenkins.sub',
      message: 'the pattern takes in jobs that build pull requests, and nothing else in the rule keeps them out',
      hint: 'name the jobs with is or in, or add jenkins.branch_name: {is: main} and a claim template of that name, or ask the controller with connector: true',
    },
  ];
}

function isNamed(rule: RuleView, claim: string): boolean {
  return conditionsOn(rule, claim).some((condition) => isExact(condition) || condition.operator === 'glob');
}

/** Builds of pull requests have names of branches too: PR-17. */
function isNarrow(rule: RuleView, claim: string): boolean {
  return conditionsOn(rule, claim).some((condition) => {
    const names = operandTexts(condition);
    return names.length > 0 && names.every((name) => !/^(?:\*|P\*|PR)/.test(name));
  });
}
