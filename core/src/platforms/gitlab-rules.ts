import { checkBranchOrTagRef, conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';
import { checkTriggers } from './trigger-rules.ts';

const UNREVIEWED = 'its commits are not reviewed, and those of forks are written by anybody';
const SCAN = 'such a pipeline runs no file of the project';

/** Sources of pipelines that must never sign: tokens with the first two are refused before any rule. */
export const GITLAB_REQUEST_SOURCES: readonly string[] = ['merge_request_event', 'external_pull_request_event'];

/** What starts pipelines. Source: docs.gitlab.com, `CI_PIPELINE_SOURCE`. */
export const GITLAB_SOURCES: readonly string[] = [
  'api',
  'chat',
  'container_registry_push',
  'duo_workflow',
  'external',
  'ondemand_dast_scan',
  'ondemand_dast_validation',
  'parent_pipeline',
  'pipeline',
  'pipeline_execution_policy_schedule',
  'push',
  'schedule',
  'security_orchestration_policy',
  'trigger',
  'web',
  'webide',
  ...GITLAB_REQUEST_SOURCES,
];

const FORBIDDEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(GITLAB_REQUEST_SOURCES.map((source) => [source, UNREVIEWED])),
  ondemand_dast_scan: SCAN,
  ondemand_dast_validation: SCAN,
};

/**
 * Load rules for allow rules on GitLab. Project and namespace are pinned by the ids that the project links. A rule must also
 * pin the source of the pipeline by name, a branch or tag that is protected, because every developer may push to others and
 * change the pipeline there, and the path of the pipeline file.
 */
export function checkGitlabRule(rule: RuleView): readonly RuleProblem[] {
  return [
    ...checkTriggers(rule, {
      claim: 'gitlab.pipeline_source',
      noun: 'source',
      example: '{in: [push, web]}',
      forbidden: FORBIDDEN,
    }),
    ...checkBranchOrTagRef(rule, 'gitlab.ref_path'),
    ...checkProtected(rule),
    ...checkFile(rule),
  ];
}

function checkProtected(rule: RuleView): readonly RuleProblem[] {
  const conditions = conditionsOn(rule, 'gitlab.ref_protected');
  if (conditions.some(({ operator, expected }) => operator === 'is' && expected === true)) return [];
  return [
    {
      ...(conditions.length === 0 ? {} : { claim: 'gitlab.ref_protected' }),
      message: 'the rule takes unprotected branches and tags, to which every developer may push',
      hint: 'add gitlab.ref_protected: {is: true}, and protect the branches and tags in the settings of the project',
    },
  ];
}

function checkFile(rule: RuleView): readonly RuleProblem[] {
  if (conditionsOn(rule, 'gitlab.ci_config_path').some(isExact)) return [];
  return [
    {
      message: 'the rule does not name the pipeline file',
      hint: 'add gitlab.ci_config_path: {is: .gitlab-ci.yml}, with gitlab.ci_config_project where it lies in another project',
    },
  ];
}
