import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkGitlabRule, GITLAB_SOURCES } from './gitlab-rules.ts';

type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
const GOOD: Conditions = {
  ref_path: ['glob', 'refs/tags/v*'],
  ref_protected: ['is', true],
  pipeline_source: ['in', ['push', 'web']],
  ci_config_path: ['is', '.gitlab-ci.yml'],
};
const UNPROTECTED = 'the rule takes unprotected branches and tags, to which every developer may push';

const check = (changes: Conditions = {}) => {
  const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
    condition === undefined ? [] : [{ claim: `gitlab.${name}`, operator: condition[0], expected: condition[1] }],
  );
  return checkGitlabRule({ conditions, hasConnector: false, isAddressBound: false }).map(
    ({ claim, message }) => `${claim ?? '-'}: ${message}`,
  );
};

describe('an allow rule for GitLab', () => {
  it('loads with source, protected ref and pipeline file', () => {
    expect(check()).toEqual([]);
    expect(check({ ref_path: ['is', 'refs/heads/main'], ci_config_project: ['is', 'platform/pipelines'] })).toEqual([]);
  });

  it.each(['merge_request_event', 'external_pull_request_event', 'ondemand_dast_scan', 'ondemand_dast_validation'])(
    'never allows the source %s',
    (source) => {
      const message = `gitlab.pipeline_source: a rule must not allow the source ${source}: `;
      expect(check({ pipeline_source: ['is', source] })[0]).toContain(message);
      expect(check({ pipeline_source: ['in', ['push', source]] })[0]).toContain(message);
      expect(GITLAB_SOURCES).toContain(source);
    },
  );

  it.each([
    ['pipeline_source', undefined, '-: the rule does not say which sources it allows'],
    ['pipeline_source', ['glob', '*'], 'gitlab.pipeline_source: gitlab.pipeline_source must be named exactly'],
    ['ref_path', undefined, '-: the rule does not say which refs it allows'],
    ['ref_path', ['is', 'main'], 'gitlab.ref_path: main is not a full ref'],
    [
      'ref_path',
      ['glob', 'refs/merge-requests/**'],
      'gitlab.ref_path: refs/merge-requests/** takes in more than branches and tags',
    ],
    ['ref_protected', undefined, `-: ${UNPROTECTED}`],
    ['ref_protected', ['is', false], `gitlab.ref_protected: ${UNPROTECTED}`],
    ['ref_protected', ['in', [true, false]], `gitlab.ref_protected: ${UNPROTECTED}`],
    ['ci_config_path', undefined, '-: the rule does not name the pipeline file'],
    ['ci_config_path', ['glob', '**'], '-: the rule does not name the pipeline file'],
  ] as const)('does not load where %s is %j', (name, condition, problem) => {
    expect(check({ [name]: condition as readonly [string, Json] | undefined })).toEqual([problem]);
  });

  it('says everything that is wrong at once', () => {
    expect(checkGitlabRule({ conditions: [], hasConnector: false, isAddressBound: false })).toHaveLength(4);
  });
});
