import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkJenkinsRule } from './jenkins-rules.ts';

type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
const GOOD: Conditions = {
  sub: ['is', 'https://jenkins.acme.example/job/app/'],
  scm_url: ['is', 'https://git.acme.example/acme/app'],
  scm_branch: ['glob', 'refs/heads/release/*'],
};

const check = (changes: Conditions = {}, hasConnector = true) => {
  const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
    condition === undefined ? [] : [{ claim: `jenkins.${name}`, operator: condition[0], expected: condition[1] }],
  );
  return checkJenkinsRule({ conditions, hasConnector, isAddressBound: true }).map(
    ({ claim, message }) => `${claim ?? '-'}: ${message}`,
  );
};

describe('an allow rule for Jenkins', () => {
  it('loads with jobs, repository and branches', () => {
    expect(check()).toEqual([]);
    expect(
      check({ sub: ['glob', 'https://jenkins.acme.example/job/*/'], scm_branch: ['is', 'refs/heads/main'] }),
    ).toEqual([]);
  });

  it('without connector loads with jobs alone: nothing else is known', () => {
    expect(check({ scm_url: undefined, scm_branch: undefined }, false)).toEqual([]);
    expect(check({ sub: undefined }, false)).toEqual(['-: the rule does not say which jobs it allows']);
  });

  it.each([
    ['sub', undefined, 'the rule does not say which jobs it allows'],
    ['sub', ['absent', false], 'the rule does not say which jobs it allows'],
    ['scm_url', undefined, 'the rule does not name the repository, and a job can be pointed at any'],
    [
      'scm_url',
      ['glob', 'https://git.acme.example/**'],
      'the rule does not name the repository, and a job can be pointed at any',
    ],
    ['scm_url', ['absent', false], 'the rule does not name the repository, and a job can be pointed at any'],
    ['scm_branch', undefined, 'the rule does not say which branches it allows'],
    ['scm_branch', ['absent', false], 'the rule does not say which branches it allows'],
  ] as const)('does not load where %s is %j', (name, condition, message) => {
    expect(check({ [name]: condition as [string, Json] | undefined })).toEqual([`-: ${message}`]);
  });

  it('says everything that is wrong at once', () => {
    expect(check({ sub: undefined, scm_url: undefined, scm_branch: undefined })).toHaveLength(3);
  });
});
