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
    const plain = { scm_url: undefined, scm_branch: undefined };
    expect(check(plain, false)).toEqual([]);
    expect(check({ ...plain, sub: ['in', ['https://jenkins.acme.example/job/app/']] }, false)).toEqual([]);
    expect(check({ ...plain, sub: undefined }, false)).toEqual(['-: the rule does not say which jobs it allows']);
  });

  const PATTERN =
    'jenkins.sub: the pattern takes in jobs that build pull requests, and nothing else in the rule keeps them out';
  it.each([
    ['branch_name', ['is', 'main'], []],
    ['branch_name', ['in', ['main', 'next']], []],
    ['branch_name', ['glob', 'release/*'], []],
    ['tag_name', ['glob', 'v*'], []],
    ['branch_name', undefined, [PATTERN]],
    ['branch_name', ['absent', false], [PATTERN]],
    ['branch_name', ['glob', '*'], [PATTERN]],
    ['branch_name', ['glob', '**'], [PATTERN]],
    ['branch_name', ['glob', 'P*'], [PATTERN]],
    ['branch_name', ['is', 'PR-17'], [PATTERN]],
    ['branch_name', ['in', ['main', 'PR-17']], [PATTERN]],
    ['change_id', ['absent', true], [PATTERN]],
    ['job_name', ['is', 'app'], [PATTERN]],
  ] as const)(
    'without connector loads with a pattern of jobs only where it names branches: %s %j',
    (name, condition, expected) => {
      const plain = {
        scm_url: undefined,
        scm_branch: undefined,
        sub: ['glob', 'https://jenkins.acme.example/job/**/'] as const,
      };
      expect(check({ ...plain, [name]: condition }, false)).toEqual(expected);
    },
  );

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
    ['scm_branch', undefined, 'the rule does not say which refs it allows'],
    ['scm_branch', ['absent', false], 'the rule does not say which refs it allows'],
  ] as const)('does not load where %s is %j', (name, condition, message) => {
    expect(check({ [name]: condition as [string, Json] | undefined })).toEqual([`-: ${message}`]);
  });

  it.each([
    ['is', 'main', 'main is not a full ref'],
    ['glob', '**', '** takes in more than branches and tags'],
    ['is', 'refs/pull/17/merge', 'a rule must not allow pull request refs: their commits are not reviewed'],
  ] as const)('does not take the branch %s %s', (operator, expected, message) => {
    expect(check({ scm_branch: [operator, expected] })).toEqual([`jenkins.scm_branch: ${message}`]);
  });

  it('says everything that is wrong at once', () => {
    expect(check({ sub: undefined, scm_url: undefined, scm_branch: undefined })).toHaveLength(3);
  });
});
