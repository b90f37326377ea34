import type { ClaimValue, Claims } from '@originsign/core/platforms/claim-schema';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import {
  BRANCH_PROTECTION,
  BRANCH_RULES,
  GITHUB_API_TOKEN,
  GITHUB_RUN,
  SKIPPED_JOB,
  startGithubApi,
  type DocumentChanges,
  type GithubApi,
} from '@originsign/testkit/github-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import { configOf, githubQuestion, realPorts } from './connectors.test.fixture.ts';
import type { OriginConnector } from './origin-connector.ts';

const ports = realPorts();
let github: GithubApi;

beforeAll(async () => {
  github = await startGithubApi();
});
afterAll(async () => {
  await github.close();
  await ports.close();
});
beforeEach(() => {
  github.interfere();
  github.addRun();
  github.addJobs([{}]);
  github.addRules([]);
  github.remove(PROTECTION);
});

const PROTECTION = `/repos/${GITHUB_RUN.repository}/branches/main/protection`;
const RULES = `/repos/${GITHUB_RUN.repository}/rules/branches/main`;
const NO_RULES = {
  'github.requires_pull_request': false,
  'github.required_approvals': 0,
  'github.requires_code_owner_review': false,
  'github.dismisses_stale_reviews': false,
  'github.requires_last_push_approval': false,
  'github.blocks_force_pushes': false,
  'github.requires_signed_commits': false,
  'github.requires_linear_history': false,
};

const connector = (): OriginConnector =>
  createConnector(configOf('github-actions', github.url, { token: GITHUB_API_TOKEN }), ports);

function look(changes: Readonly<Record<string, ClaimValue | undefined>> = {}): Promise<Claims> {
  return connector().lookUp(githubQuestion(changes));
}

test('brings the state of the run, its runner groups, and that no rule guards its branch', async () => {
  expect(await look()).toEqual({
    'github.run_status': 'in_progress',
    'github.runner_groups': ['signing'],
    'github.runner_group': 'signing',
    ...NO_RULES,
  });
});

test('brings what rulesets and branch protection demand together', async () => {
  github.addProtection(BRANCH_PROTECTION);
  github.addRules(BRANCH_RULES);
  expect(await look()).toMatchObject({
    'github.requires_pull_request': true,
    'github.required_approvals': 2,
    'github.requires_code_owner_review': true,
    'github.dismisses_stale_reviews': true,
    'github.requires_last_push_approval': true,
    'github.blocks_force_pushes': true,
    'github.requires_signed_commits': true,
    'github.requires_linear_history': true,
    'github.requires_status_checks': ['build', 'test'],
    'github.protection_binds_admins': false,
  });
});

test.each<[string, () => void, Claims]>([
  [
    'classic protection',
    () => github.addProtection({ ...BRANCH_PROTECTION, enforce_admins: { enabled: true } }),
    {
      'github.required_approvals': 1,
      'github.blocks_force_pushes': true,
      'github.requires_signed_commits': false,
      'github.requires_status_checks': ['build'],
      'github.protection_binds_admins': true,
    },
  ],
  [
    'protection that asks for nothing',
    () => github.addProtection({ allow_force_pushes: { enabled: true } }),
    { ...NO_RULES, 'github.protection_binds_admins': false },
  ],
  [
    'a pull request without approvals',
    () => github.addRules([{ type: 'pull_request' }]),
    { 'github.requires_pull_request': true, 'github.required_approvals': 0 },
  ],
  ['a rule of the future', () => github.addRules([{ type: 'required_weather', parameters: { sun: true } }]), NO_RULES],
  [
    'rules on the second page',
    () =>
      github.addRules([...Array.from({ length: 100 }, () => ({ type: 'deletion' })), { type: 'required_signatures' }]),
    { 'github.requires_signed_commits': true },
  ],
])('of %s', async (_, prepare, expected) => {
  prepare();
  expect(await look()).toMatchObject(expected);
});

test('branches are named in the address as they must be, and tags have no rules', async () => {
  github.addRules([{ type: 'required_signatures' }], 'release/1.x');
  expect(await look({ 'github.ref': 'refs/heads/release/1.x' })).toMatchObject({
    'github.requires_signed_commits': true,
  });
  const before = github.calls.length;
  expect(Object.keys(await look({ 'github.ref': 'refs/tags/v1' }))).toEqual([
    'github.run_status',
    'github.runner_groups',
    'github.runner_group',
  ]);
  expect(github.calls.slice(before).filter((call) => /rules|protection/.test(call))).toEqual([]);
});

test.each([PROTECTION, RULES])('rules are not known, rather than absent, where %s may not be read', async (path) => {
  github.addRules(BRANCH_RULES);
  github.interfere({ kind: 'body', status: 403, body: '{"message":"Resource not accessible by integration"}' }, path);
  expect(Object.keys(await look())).toEqual(['github.run_status', 'github.runner_groups', 'github.runner_group']);
  github.interfere({ kind: 'body', status: 403, headers: { 'retry-after': '5' }, body: '{}' }, path);
  expect((await refusalOf(() => look())).retryAfter).toBe(5);
  github.interfere({ kind: 'body', status: 500, body: '{}' }, path);
  expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
});

describe('refuses', () => {
  test.each<[string, DocumentChanges, string]>([
    ['another run', { id: GITHUB_RUN.run + 1 }, 'id'],
    ['another repository', { repository: { id: 75 } }, 'repository'],
    ['another commit', { head_sha: 'f'.repeat(40) }, 'commit'],
    ['another attempt', { run_attempt: 2 }, 'attempt'],
    ['another event', { event: 'workflow_dispatch' }, 'event'],
    ['a run that is over', { status: 'completed', conclusion: 'success' }, 'state'],
    ['a run in a state of the future', { status: 'paused' }, 'state'],
  ])('%s', async (_, changes, fact) => {
    github.addRun(changes);
    const refusal = await refusalOf(() => look());
    expect([refusal.code, refusal.details]).toEqual(['connector.disagrees', { system: 'ci', fact }]);
  });

  test.each<[string, readonly DocumentChanges[], string]>([
    ['a job that is over', [{ status: 'completed', conclusion: 'success' }], 'job'],
    ['a job that the run does not have', [{ id: 5 }], 'job'],
    ['jobs of another run', [{}, { id: 6, run_id: 9 }], 'jobs'],
  ])('%s', async (_, jobs, fact) => {
    github.addJobs(jobs);
    expect((await refusalOf(() => look())).details).toEqual({ system: 'ci', fact });
  });

  test('a repository that has another name now', async () => {
    github.interfere({ kind: 'redirect', location: '/repositories/74/actions/runs/1' }, github.run);
    expect((await refusalOf(() => look())).details).toEqual({ system: 'ci', fact: 'name' });
  });

  test.each(['../..', './..', 'acme/..', '../app', 'acme/.'])(
    'the repository %s before it asks',
    async (repository) => {
      const before = github.calls.length;
      expect(await codeOfAsync(() => look({ 'github.repository': repository }))).toBe('connector.disagrees');
      expect(github.calls).toHaveLength(before);
    },
  );
});

test('accepts all states in which a job can run, and the merge commit of a pull request', async () => {
  for (const status of ['in_progress', 'queued', 'waiting', 'pending']) {
    github.addRun({ status });
    expect((await look())['github.run_status']).toBe(status);
  }
  github.addRun({ event: 'pull_request', head_sha: 'b'.repeat(40) });
  expect(
    await codeOfAsync(() => look({ 'github.event_name': 'pull_request', 'github.ref': 'refs/pull/7/merge' })),
  ).toBe('accepted');
});

test('looks at the attempt that the token names', async () => {
  github.addRun({ run_attempt: 2 });
  github.addJobs([{ run_attempt: 1, runner_group_name: 'second' }], 2);
  expect(await look({ 'github.run_attempt': 2 })).toMatchObject({ 'github.runner_group': 'second' });
});

describe('runner groups', () => {
  const other = { id: 7, runner_group_name: 'Default', runner_name: 'old' };
  const WAITING = {
    id: 8,
    status: 'queued',
    steps: [],
    runner_id: 0,
    runner_name: '',
    runner_group_id: 0,
    runner_group_name: '',
  };

  test.each<[string, readonly DocumentChanges[], readonly string[] | undefined, string | undefined]>([
    ['of several jobs', [{}, other], ['Default', 'signing'], undefined],
    ['of a run with jobs that were skipped or wait', [{}, SKIPPED_JOB, WAITING], ['signing'], 'signing'],
    ['of a job whose runner is not named', [{}, { id: 9, runner_group_name: null }], undefined, undefined],
    ['of a job on a runner of an unknown group', [{}, { ...SKIPPED_JOB, runner_id: 12 }], undefined, undefined],
    ['of a job that has steps and no runner', [{}, { ...SKIPPED_JOB, steps: [{ name: 'x' }] }], undefined, undefined],
    ['of nothing but skipped jobs', [SKIPPED_JOB], undefined, undefined],
  ])('%s', async (_, jobs, groups, group) => {
    github.addJobs(jobs);
    const claims = await look({ 'github.check_run_id': undefined });
    expect([claims['github.runner_groups'], claims['github.runner_group']]).toEqual([groups, group]);
  });

  test('of more jobs than one page holds', async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      id: index + 1,
      runner_group_name: index < 249 ? 'a' : 'b',
    }));
    github.addJobs(many);
    expect(await look({ 'github.check_run_id': '250' })).toMatchObject({ 'github.runner_groups': ['a', 'b'] });
    github.serve(`${github.run}/attempts/1/jobs`, () => ({ total_count: 3, jobs: [] }));
    expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
    const endless = { id: 1, run_id: GITHUB_RUN.run, status: 'queued' };
    github.serve(`${github.run}/attempts/1/jobs`, () => ({ total_count: 1e9, jobs: [endless] }));
    const before = github.calls.length;
    expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
    expect(github.calls.length - before).toBe(21);
  });
});

test.each<[string, DocumentChanges]>([
  ['an id as text', { id: String(GITHUB_RUN.run) }],
  ['an id that is not exact', { id: Number.MAX_SAFE_INTEGER + 1 }],
  ['no repository', { repository: null }],
  ['no attempt', { run_attempt: undefined }],
  ['an attempt that is a fraction', { run_attempt: 1.5 }],
])('cannot read %s', async (_, changes) => {
  github.addRun(changes);
  expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
});

test('rules are kept for a minute, runs for seconds, and those who ask at once share one reading', async () => {
  const { lookUp } = connector();
  const calls = async (): Promise<number> => {
    const before = github.calls.length;
    await Promise.all([lookUp(githubQuestion()), lookUp(githubQuestion())]);
    return github.calls.length - before;
  };
  expect(await calls()).toBe(4);
  expect(await calls()).toBe(0);
  ports.clock.forward(3_000);
  expect(await calls()).toBe(2);
  ports.clock.forward(57_000);
  expect(await calls()).toBe(4);
});
