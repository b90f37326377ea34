import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { GITHUB_FORBIDDEN_EVENTS } from './github-events.ts';
import { checkGithubRule } from './github-rules.ts';

const GOOD: Readonly<Record<string, readonly [string, Json]>> = {
  ref: ['glob', 'refs/tags/v*'],
  event_name: ['in', ['push', 'release']],
  workflow_path: ['is', '.github/workflows/release.yml'],
};
type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;

const check = (changes: Conditions = {}) => {
  const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
    condition === undefined ? [] : [{ claim: `github.${name}`, operator: condition[0], expected: condition[1] }],
  );
  return checkGithubRule({ conditions, hasConnector: false, isAddressBound: false }).map(
    ({ claim, message }) => `${claim ?? '-'}: ${message}`,
  );
};

describe('an allow rule for GitHub', () => {
  it('loads with event, ref and workflow', () => {
    expect(check()).toEqual([]);
  });

  it('loads with a called workflow of a named repository', () => {
    const callee: Conditions = {
      workflow_path: undefined,
      job_workflow_path: ['is', '.github/workflows/sign.yml'],
      job_workflow_repository: ['is', 'acme/release-workflows'],
    };
    expect(check(callee)).toEqual([]);
    expect(check({ ...callee, job_workflow_ref: ['is', '6b906a4153c61a2486973a1347db8300dc9ce3ee'] })).toEqual([]);
    expect(check({ ...callee, job_workflow_repository: undefined })).toEqual([
      'github.job_workflow_path: a called workflow file is only pinned together with its repository',
    ]);
    expect(check({ ...callee, job_workflow_repository: ['glob', 'acme/*'] })).toHaveLength(1);
  });

  it.each(GITHUB_FORBIDDEN_EVENTS)('never allows the event %s', (event) => {
    const message = `github.event_name: a rule must not allow the event ${event}`;
    expect(check({ event_name: ['is', event] })[0]).toContain(message);
    expect(check({ event_name: ['in', ['push', event]] })[0]).toContain(message);
  });

  it.each(['*', 'pull_request*', 'p*', 'workflow_*', 'push', 'release'])(
    'does not take the event pattern %s',
    (pattern) => {
      expect(check({ event_name: ['glob', pattern] })).toEqual([
        'github.event_name: github.event_name must be named exactly',
      ]);
    },
  );

  it.each([
    ['event_name', '-: the rule does not say which events it allows'],
    ['ref', '-: the rule does not say which refs it allows'],
    ['workflow_path', '-: the rule does not name the workflow file'],
  ])('does not load without %s', (name, message) => {
    expect(check({ [name]: undefined })).toEqual([message]);
    expect(check({ [name]: ['absent', false] })).toEqual([message]);
  });

  it.each([
    ['is', 'refs/pull/17/merge', 'pull request refs'],
    ['glob', 'refs/pull/**', 'pull request refs'],
    ['in', ['refs/heads/main', 'refs/pull/1/head'], 'pull request refs'],
    ['glob', '**', 'more than branches and tags'],
    ['glob', '*/heads/main', 'more than branches and tags'],
    ['glob', 'refs/**', 'more than branches and tags'],
    ['glob', 'refs/*/main', 'more than branches and tags'],
    ['glob', 'refs/p*/1/merge', 'more than branches and tags'],
    ['glob', 'refs/heads*/main', 'more than branches and tags'],
    ['is', 'refs/heads/', 'more than branches and tags'],
    ['is', 'main', 'not a full ref'],
    ['glob', 'v*', 'not a full ref'],
  ])('does not take the ref %s %j', (operator, expected, message) => {
    expect(check({ ref: [operator, expected] })).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['glob', '.github/workflows/*.yml'],
    ['glob', '**'],
  ])('does not count the workflow pattern %s %s', (operator, pattern) => {
    expect(check({ workflow_path: [operator, pattern] })).toEqual(['-: the rule does not name the workflow file']);
  });

  it('says that the derived refs are not what the token calls so', () => {
    const whole = 'acme/app/.github/workflows/release.yml@refs/heads/main';
    expect(check({ workflow_ref: ['is', whole] })).toEqual([
      'github.workflow_ref: github.workflow_ref is only the part after the @: a full ref, or a commit',
    ]);
    expect(check({ job_workflow_ref: ['glob', 'acme/**'] })).toHaveLength(1);
    expect(check({ job_workflow_ref: ['is', 'main'] })).toHaveLength(1);
    expect(check({ job_workflow_ref: ['glob', 'refs/tags/v*'] })).toEqual([]);
  });
});
