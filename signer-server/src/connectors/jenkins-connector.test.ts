import type { ClaimValue, Claims } from '@originsign/core/platforms/claim-schema';
import { codeOf, codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import {
  gitBuildData,
  JENKINS_CREDENTIAL,
  JENKINS_JOB,
  JENKINS_SOURCE,
  scmRevision,
  startJenkinsController,
  type BuildChanges,
  type JenkinsController,
} from '@originsign/testkit/jenkins-controller';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import { configOf, NOW, questionOf, realPorts } from './connectors.test.fixture.ts';
import type { ConnectorConfig, OriginConnector } from './origin-connector.ts';

const { url: CLONE, commit: COMMIT } = JENKINS_SOURCE;
const WEB = 'https://git.acme.example/team/app';
const OTHER = 'b'.repeat(40);
const LIBRARY = 'https://git.acme.example/jenkins/library.git';
const BRANCH = 'refs/remotes/origin/main';

const ports = realPorts();
let jenkins: JenkinsController;

beforeAll(async () => {
  jenkins = await startJenkinsController();
});
afterAll(async () => {
  await jenkins.close();
  await ports.close();
});
beforeEach(() => {
  jenkins.interfere();
  jenkins.addBuild();
});

function connector(changes: Partial<ConnectorConfig> = {}): OriginConnector {
  return createConnector({ ...configOf('jenkins', jenkins.url, JENKINS_CREDENTIAL), ...changes }, ports);
}

function look(
  claims: Readonly<Record<string, ClaimValue | undefined>> = {},
  issuer = `${jenkins.url}/oidc`,
): Promise<Claims> {
  const token = { 'jenkins.sub': `${jenkins.url}${JENKINS_JOB}`, 'jenkins.build_number': 17 };
  return connector().lookUp(questionOf(token, claims, issuer));
}

const code = (build: BuildChanges): Promise<string> => {
  jenkins.addBuild(build);
  return codeOfAsync(() => look());
};

test('brings what the controller knows of a multibranch build', async () => {
  expect(await look()).toEqual({
    'jenkins.scm_url': WEB,
    'jenkins.scm_commit': COMMIT,
    'jenkins.scm_branch': 'refs/heads/main',
    'jenkins.definition_from_scm': true,
    'jenkins.causes': ['jenkins.branch.BranchEventCause'],
    'jenkins.build_started': 1_800_000_000,
  });
});

test('brings what it knows of a pipeline whose job names the repository', async () => {
  jenkins.addBuild({
    actions: [gitBuildData('https://me:hunter2@git.acme.example/team/app.git', COMMIT, BRANCH)],
    causes: ['hudson.triggers.TimerTrigger$TimerTriggerCause', 'hudson.model.Cause$UserIdCause'],
    builtOn: 'agent-3',
  });
  expect(await look()).toEqual({
    'jenkins.scm_url': WEB,
    'jenkins.scm_commit': COMMIT,
    'jenkins.scm_branch': 'refs/heads/main',
    'jenkins.causes': ['hudson.model.Cause$UserIdCause', 'hudson.triggers.TimerTrigger$TimerTriggerCause'],
    'jenkins.build_started': 1_800_000_000,
    'jenkins.node': 'agent-3',
  });
});

test('says nothing of sources that a build does not have yet', async () => {
  jenkins.addBuild({ actions: [] });
  expect(Object.keys(await look())).toEqual(['jenkins.build_started', 'jenkins.causes']);
});

describe('refuses', () => {
  test.each<[string, BuildChanges, string]>([
    ['a build that is over', { building: false }, 'building'],
    ['a build that began after the token was made', { timestamp: NOW.getTime() - 7000 }, 'started'],
    ['a replayed build', { causes: ['org.jenkinsci.plugins.workflow.cps.replay.ReplayCause'] }, 'causes'],
    [
      'a build restarted from a stage, whatever else started it',
      {
        causes: [
          'hudson.model.Cause$UserIdCause',
          'org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause',
        ],
      },
      'causes',
    ],
    ['a build that says nothing of its causes', { causes: [] }, 'causes'],
    ['a build of another controller', { url: 'https://other.example/job/team/job/app/job/main/17/' }, 'url'],
    ['two definitions', { actions: [scmRevision(COMMIT), scmRevision(OTHER)] }, 'sources'],
    [
      'a second checkout',
      { actions: [gitBuildData(CLONE, COMMIT, BRANCH), gitBuildData(CLONE, OTHER, BRANCH)] },
      'sources',
    ],
    [
      'a second checkout of the same commit from elsewhere',
      { actions: [gitBuildData(CLONE, COMMIT), gitBuildData('https://git.acme.example/me/app', COMMIT)] },
      'sources',
    ],
    [
      'the commit of the definition from elsewhere too',
      { actions: [scmRevision(COMMIT), gitBuildData(CLONE, COMMIT), gitBuildData('https://evil.example/app', COMMIT)] },
      'sources',
    ],
    ['a checkout with two remotes', { actions: [gitBuildData(CLONE, COMMIT, BRANCH, [LIBRARY])] }, 'sources'],
    [
      'a checkout with no remote',
      { actions: [scmRevision(COMMIT), { lastBuiltRevision: { SHA1: COMMIT } }] },
      'sources',
    ],
    ['a checkout of a folder', { actions: [gitBuildData('/srv/git/app.git', COMMIT)] }, 'sources'],
    ['a checkout that is no commit', { actions: [gitBuildData(CLONE, 'main')] }, 'sources'],
  ])('%s', async (_, build, fact) => {
    jenkins.addBuild(build);
    const refusal = await refusalOf(() => look());
    expect([refusal.code, refusal.details]).toEqual(['connector.disagrees', { system: 'ci', fact }]);
  });

  test('another build number than the one that was asked for', async () => {
    jenkins.serve(`${JENKINS_JOB}17/api/json`, () => ({
      number: 18,
      building: true,
      timestamp: 1,
      url: 'x',
      actions: [],
    }));
    expect((await refusalOf(() => look())).details).toEqual({ system: 'ci', fact: 'number' });
  });

  test('a build that nobody knows', async () => {
    expect((await refusalOf(() => look({ 'jenkins.build_number': 99 }))).details).toEqual({
      system: 'ci',
      fact: 'exists',
    });
  });
});

test('a build that began in the second of its token is in order', async () => {
  expect(await code({ timestamp: NOW.getTime() - 9_500 })).toBe('accepted');
  expect(await code({ timestamp: NOW.getTime() - 10_000 })).toBe('accepted');
});

describe('a multibranch build', () => {
  test('keeps the revision of its definition, whatever else it checks out, and lists that', async () => {
    jenkins.addBuild({
      actions: [
        gitBuildData('https://evil.example/x.git', OTHER),
        scmRevision(COMMIT),
        gitBuildData(CLONE, COMMIT),
        gitBuildData(CLONE, OTHER),
      ],
    });
    expect(await look()).toMatchObject({
      'jenkins.scm_url': WEB,
      'jenkins.scm_commit': COMMIT,
      'jenkins.scm_branch': 'refs/heads/main',
      'jenkins.other_checkouts': [`https://evil.example/x@${OTHER}`, `${WEB}@${OTHER}`],
    });
  });

  test('that checked out another revision alone names no repository', async () => {
    jenkins.addBuild({ actions: [scmRevision(COMMIT), gitBuildData(CLONE, OTHER, 'main')] });
    const claims = await look();
    expect(claims).toMatchObject({ 'jenkins.scm_commit': COMMIT, 'jenkins.other_checkouts': [`${WEB}@${OTHER}`] });
    expect(claims).not.toHaveProperty(['jenkins.scm_url']);
  });

  test.each<[string, unknown, string | undefined, string | undefined]>([
    [
      'branch of GitHub',
      scmRevision(COMMIT, 'feature/x', 'org.jenkinsci.plugins.github_branch_source.BranchSCMHead'),
      COMMIT,
      'refs/heads/feature/x',
    ],
    ['tag', scmRevision(COMMIT, 'v1.4.0', 'jenkins.plugins.git.GitTagSCMHead'), COMMIT, 'refs/tags/v1.4.0'],
    [
      'tag of GitHub',
      scmRevision(COMMIT, 'v1', 'org.jenkinsci.plugins.github_branch_source.GitHubTagSCMHead'),
      COMMIT,
      'refs/tags/v1',
    ],
    [
      'branch of Bitbucket',
      scmRevision(COMMIT, 'main', 'com.cloudbees.jenkins.plugins.bitbucket.BranchSCMHead'),
      COMMIT,
      'refs/heads/main',
    ],
    [
      'pull request',
      scmRevision(COMMIT, 'PR-7', 'org.jenkinsci.plugins.github_branch_source.PullRequestSCMHead'),
      COMMIT,
      undefined,
    ],
    ['head of an unknown kind', scmRevision(COMMIT, 'main', 'com.example.MyBranchSCMHeadOfMine'), COMMIT, undefined],
    [
      'revision without commit',
      { _class: 'jenkins.scm.api.SCMRevisionAction', revision: { head: { name: 'PR-7' } } },
      undefined,
      undefined,
    ],
  ])('of a %s', async (_, action, commit, ref) => {
    jenkins.addBuild({ actions: [action] });
    const claims = await look();
    expect([claims['jenkins.scm_commit'], claims['jenkins.scm_branch'], claims['jenkins.definition_from_scm']]).toEqual(
      [commit, ref, true],
    );
  });
});

test.each([
  ['refs/remotes/origin/main', 'refs/heads/main'],
  ['refs/remotes/upstream/feature/x', 'refs/heads/feature/x'],
  ['origin/main', 'refs/heads/main'],
  ['refs/tags/v1', 'refs/tags/v1'],
  ['refs/heads/main', 'refs/heads/main'],
  ['detached', undefined],
  ['origin/HEAD', undefined],
  ['main', undefined],
  ['refs/pull/7/head', undefined],
])('outside of multibranch projects, a checkout of %s is one of %s', async (branch, ref) => {
  jenkins.addBuild({ actions: [gitBuildData(CLONE, COMMIT, branch)] });
  expect((await look())['jenkins.scm_branch']).toBe(ref);
});

test('the same checkout on several agents is one, of no branch where they call it differently', async () => {
  jenkins.addBuild({
    actions: [gitBuildData(CLONE, COMMIT, BRANCH), gitBuildData(`https://git.acme.example/team/app`, COMMIT, BRANCH)],
  });
  expect(await look()).toMatchObject({ 'jenkins.scm_url': WEB, 'jenkins.scm_branch': 'refs/heads/main' });
  jenkins.addBuild({ actions: [gitBuildData(CLONE, COMMIT, BRANCH), gitBuildData(CLONE, COMMIT, 'origin/evil')] });
  expect(await look()).not.toHaveProperty(['jenkins.scm_branch']);
});

test('checkouts of the libraries that the operator names count for nothing, and no others with them', async () => {
  const { lookUp } = connector({ libraries: ['git@git.acme.example:jenkins/library'] });
  const question = questionOf(
    { 'jenkins.sub': `${jenkins.url}${JENKINS_JOB}`, 'jenkins.build_number': 17 },
    {},
    `${jenkins.url}/oidc`,
  );
  jenkins.addBuild({ actions: [gitBuildData(LIBRARY, OTHER), gitBuildData(CLONE, COMMIT)] });
  expect(await lookUp(question)).toMatchObject({ 'jenkins.scm_url': WEB, 'jenkins.scm_commit': COMMIT });
  for (const more of [gitBuildData(CLONE, OTHER), gitBuildData(LIBRARY, OTHER, 'main', ['https://evil.example/app'])]) {
    ports.clock.forward(3000);
    jenkins.addBuild({ actions: [gitBuildData(LIBRARY, OTHER), gitBuildData(CLONE, COMMIT), more] });
    expect(await codeOfAsync(() => lookUp(question))).toBe('connector.disagrees');
  }
});

test('a library that is built by its own multibranch project is a source', async () => {
  jenkins.addBuild({ actions: [scmRevision(COMMIT), gitBuildData(LIBRARY, COMMIT), gitBuildData(LIBRARY, OTHER)] });
  const { lookUp } = connector({ libraries: [LIBRARY] });
  const claims = await lookUp(
    questionOf(
      { 'jenkins.sub': `${jenkins.url}${JENKINS_JOB}`, 'jenkins.build_number': 17 },
      {},
      `${jenkins.url}/oidc`,
    ),
  );
  expect(claims).toMatchObject({ 'jenkins.scm_url': 'https://git.acme.example/jenkins/library' });
  expect(claims).not.toHaveProperty(['jenkins.other_checkouts']);
});

test('a connector without the user of its token is a mistake of the configuration', () => {
  expect(codeOf(() => connector({ credential: { token: JENKINS_CREDENTIAL.token } }))).toBe('config.invalid');
});

describe('the job that the token names', () => {
  const job = (path: string): string => `${jenkins.url}${path}`;

  test('may lie in the folder of the issuer and nowhere else', async () => {
    expect(await codeOfAsync(() => look({}, `${jenkins.url}/oidc/job/team`))).toBe('accepted');
    expect(await codeOfAsync(() => look({}, `${jenkins.url}/oidc/job/tea`))).toBe('token.origin');
    expect(await codeOfAsync(() => look({}, `${jenkins.url}/oidc/job/other`))).toBe('token.origin');
    expect(await codeOfAsync(() => look({}, 'https://other.example/oidc'))).toBe('token.origin');
  });

  test.each([
    '/job/team/job/app/job/main',
    '/job/team/../secret/',
    '/job/team/job/%2e%2e/job/secret/',
    '/job/team/job/%2E%2E/',
    '/job/team/job/%2e/',
    '/job/team/job/a%2Fb/',
    '/job/team/job/app/?tree=x',
    '/job/team/job/app/#x/',
    '/job//job/app/',
    '/view/all/job/app/',
    '/',
    '',
    '//evil.example/job/app/',
    '@evil.example/job/app/',
  ])('%j is none', async (path) => {
    const before = jenkins.calls.length;
    expect(await codeOfAsync(() => look({ 'jenkins.sub': job(path) }))).toMatch(
      /^token\.origin$|^connector\.disagrees$/,
    );
    expect(jenkins.calls).toHaveLength(before);
  });

  test('keeps its double encoding', async () => {
    const path = '/job/team/job/app/job/feature%252Fx/';
    jenkins.addBuild({}, path);
    expect(await codeOfAsync(() => look({ 'jenkins.sub': job(path) }))).toBe('accepted');
    expect(jenkins.calls.at(-1)).toContain(`${path}17/api/json?tree=`);
  });

  test('is looked up at another address where the operator says so', async () => {
    const sub = 'https://jenkins.acme.example/job/app/';
    jenkins.addBuild({ url: `${sub}17/` }, '/job/app/');
    const ask = (changes: Partial<ConnectorConfig>, issuer: string): Promise<string> =>
      codeOfAsync(() =>
        connector(changes).lookUp(questionOf({ 'jenkins.sub': sub, 'jenkins.build_number': 17 }, {}, issuer)),
      );
    expect(await ask({}, 'https://jenkins.acme.example/oidc')).toBe('accepted');
    expect(await ask({}, 'https://keys.acme.example/jenkins')).toBe('token.origin');
    expect(await ask({ serverUrl: 'https://jenkins.acme.example' }, 'https://keys.acme.example/jenkins')).toBe(
      'accepted',
    );
  });
});
