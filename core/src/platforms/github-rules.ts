import { GITHUB_FORBIDDEN_EVENTS } from './github-events.ts';
import { checkBranchOrTagRef, conditionsOn, isExact, operandTexts } from './platform-rules.ts';
import type { ConditionView, RuleProblem, RuleView } from './platform.ts';
import { checkTriggers, type TriggerRules } from './trigger-rules.ts';

const OUTSIDERS =
  'people without write access can start such a run, and its claims look like a build of the default branch';

/** Events as GitHub has them, and what is modelled on it. */
export const GITHUB_TRIGGERS: Omit<TriggerRules, 'claim'> = {
  noun: 'event',
  example: '{in: [push, release]}',
  forbidden: Object.fromEntries(GITHUB_FORBIDDEN_EVENTS.map((event) => [event, OUTSIDERS])),
};

/**
 * Load rules for allow rules on GitHub. The repository and its owner are pinned by the ids that the project links. A rule must
 * also pin
 * - the event, by name, and none that runs with the rights of the default branch for outsiders;
 * - a branch or tag ref, because whoever may push picks the ref and the workflow file on it;
 * - the workflow file that was started or the one the job runs in, by exact path: another workflow of the same repository
 *   runs other steps. The ref condition then fixes the version of a started workflow; a called one lives in a repository of
 *   its own, so its repository must be named too.
 */
export function checkGithubRule(rule: RuleView): readonly RuleProblem[] {
  const on = (name: string): readonly ConditionView[] => conditionsOn(rule, `github.${name}`);
  return [
    ...checkTriggers(rule, { claim: 'github.event_name', ...GITHUB_TRIGGERS }),
    ...checkBranchOrTagRef(rule, 'github.ref'),
    ...checkWorkflow(on),
    ...['workflow_ref', 'job_workflow_ref'].flatMap((name) => checkRefPart(on(name))),
  ];
}

type ConditionsOn = (name: string) => readonly ConditionView[];

function checkWorkflow(on: ConditionsOn): readonly RuleProblem[] {
  if (on('workflow_path').some(isExact)) return [];
  if (!on('job_workflow_path').some(isExact)) {
    return [
      {
        message: 'the rule does not name the workflow file',
        hint: 'add github.workflow_path: {is: .github/workflows/release.yml}, or github.job_workflow_path with github.job_workflow_repository',
      },
    ];
  }
  if (on('job_workflow_repository').some(isExact)) return [];
  return [
    {
      claim: 'github.job_workflow_path',
      message: 'a called workflow file is only pinned together with its repository',
      hint: 'add github.job_workflow_repository: {is: owner/name}',
    },
  ];
}

/** GitHub's own claim of this name holds the whole `repository/path@ref`; a condition on that would never hold. */
function checkRefPart(conditions: readonly ConditionView[]): readonly RuleProblem[] {
  return conditions
    .filter((condition) =>
      operandTexts(condition).some((text) => !/^(?:refs\/|[0-9a-f]{40}$|[0-9a-f]{64}$)/.test(text)),
    )
    .map(({ claim }) => ({
      claim,
      message: `${claim} is only the part after the @: a full ref, or a commit`,
      hint: `use ${claim.replace('_ref', '_repository')} and ${claim.replace('_ref', '_path')} for the rest`,
    }));
}
