import { describe, expect, test } from 'vitest';
import { checkPlatform } from './check-platform.ts';
import type { Finding } from './finding.ts';

const github = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/tags/v1.4.0' };
const azure = { TF_BUILD: 'True', BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/main' };

const brief = (findings: readonly Finding[]) => findings.map(({ state, name }) => `${state} ${name}`);
const bad = (findings: readonly Finding[]) => findings.filter(({ state }) => state !== 'ok');

describe('a job of GitHub Actions', () => {
  test('on a tag, on a hosted runner, is as policies want it', () => {
    const findings = checkPlatform({ ...github, RUNNER_ENVIRONMENT: 'github-hosted', GITHUB_RUN_ATTEMPT: '1' });
    expect(brief(findings)).toEqual(['ok platform', 'ok event', 'ok runner']);
    expect(findings[1]?.text).toBe('started by push for refs/tags/v1.4.0');
  });

  test.each(['pull_request_target', 'workflow_run', 'issue_comment'])(
    'started by %s is refused, and told why',
    (name) => {
      const [finding] = bad(checkPlatform({ ...github, GITHUB_EVENT_NAME: name, GITHUB_REF: 'refs/heads/main' }));
      expect(finding).toMatchObject({ state: 'fail', name: 'event', code: 'policy.denied' });
      expect(finding?.text).toContain('look like a build of the default branch');
      expect(finding?.hint).toContain('no rule may allow this event');
    },
  );

  test('of a pull request is told whether it comes from a fork', () => {
    const environment = { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/3/merge' };
    const from = (head: number) => ({
      pull_request: { head: { repo: { id: head } }, base: { repo: { id: 1 } } },
    });
    expect(bad(checkPlatform(environment, from(1)))).toMatchObject([{ state: 'warn', name: 'event' }]);
    expect(bad(checkPlatform(environment, from(2)))).toMatchObject([
      { state: 'fail', code: 'token.permission', hint: 'sign after the merge, in a run of the repository itself' },
    ]);
    // A fork that was deleted has no repository any more.
    const deleted = { pull_request: { head: { repo: null }, base: { repo: { id: 1 } } } };
    expect(bad(checkPlatform(environment, deleted))).toMatchObject([{ state: 'warn' }]);
  });

  test('on a runner of its own, or run again, is told which rules deny that', () => {
    const findings = bad(checkPlatform({ ...github, RUNNER_ENVIRONMENT: 'self-hosted', GITHUB_RUN_ATTEMPT: '2' }));
    expect(findings).toMatchObject([
      { state: 'warn', name: 'runner', text: 'self-hosted' },
      { state: 'warn', name: 'attempt', text: 'this is attempt 2 of its run' },
    ]);
  });
});

describe('a job of Azure Pipelines', () => {
  test('with a service connection is as policies want it', () => {
    const findings = checkPlatform({ ...azure, ORIGINSIGN_SERVICE_CONNECTION: 'c' });
    expect(brief(findings)).toEqual(['ok platform', 'ok reason', 'ok approval']);
  });

  test('without one is told what rules for Azure need', () => {
    expect(bad(checkPlatform(azure))).toMatchObject([{ state: 'warn', name: 'approval' }]);
  });

  test.each([
    [{ BUILD_REASON: 'PullRequest' }, 'started by PullRequest for refs/heads/main'],
    [{ BUILD_SOURCEBRANCH: 'refs/pull/7/merge' }, 'started by IndividualCI for refs/pull/7/merge'],
    [
      { BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_ISFORK: 'True' },
      'started by PullRequest for refs/heads/main, from a fork',
    ],
  ])('of a pull request (%j) is refused', (more, text) => {
    const environment = { ...azure, ORIGINSIGN_SERVICE_CONNECTION: 'c', ...more };
    expect(bad(checkPlatform(environment))).toMatchObject([{ state: 'fail', code: 'token.pull_request', text }]);
  });
});

describe('elsewhere', () => {
  test.each([
    [{}, 'warn', 'this is no CI job that can sign'],
    [{ JENKINS_URL: 'https://ci.acme.example/', BUILD_URL: 'https://ci.acme.example/job/a/1/' }, 'ok', 'of Jenkins'],
    [{ ORIGINSIGN_TOKEN: 'a.b.c' }, 'ok', 'whatever gave this process a token'],
  ])('%j is told', (environment, state, text) => {
    expect(checkPlatform(environment)).toMatchObject([{ state, text: expect.stringContaining(text) as string }]);
  });
});
