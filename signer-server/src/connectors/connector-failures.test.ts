import { inspect } from 'node:util';
import { AZURE_TOKEN, startAzureDevopsApi } from '@originsign/testkit/azure-devops-api';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { GITHUB_API_TOKEN, startGithubApi } from '@originsign/testkit/github-api';
import { JENKINS_CREDENTIAL, JENKINS_JOB, startJenkinsController } from '@originsign/testkit/jenkins-controller';
import { afterAll, describe, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import {
  azureQuestion,
  configOf,
  FAILURES,
  githubQuestion,
  NOW,
  questionOf,
  realPorts,
} from './connectors.test.fixture.ts';
import type { ConnectorQuestion, OriginConnector } from './origin-connector.ts';

const ports = realPorts();
const jenkins = await startJenkinsController();
const azure = await startAzureDevopsApi();
const github = await startGithubApi();

afterAll(async () => {
  await Promise.all([jenkins.close(), azure.close(), github.close()]);
  await ports.close();
});

const platforms = [
  {
    name: 'Jenkins',
    api: jenkins,
    config: configOf('jenkins', jenkins.url, JENKINS_CREDENTIAL),
    question: questionOf(
      { 'jenkins.sub': `${jenkins.url}${JENKINS_JOB}`, 'jenkins.build_number': 17 },
      {},
      `${jenkins.url}/oidc`,
    ),
    redirect: 'connector.refused',
  },
  {
    name: 'Azure DevOps',
    api: azure,
    config: configOf('azure-devops', azure.url, { token: AZURE_TOKEN }),
    question: azureQuestion(),
    redirect: 'connector.refused',
  },
  {
    name: 'GitHub',
    api: github,
    config: configOf('github-actions', github.url, { token: GITHUB_API_TOKEN }),
    question: githubQuestion(),
    redirect: 'connector.disagrees',
  },
] as const;

function prepared({ api, config, question }: (typeof platforms)[number]): () => Promise<unknown> {
  jenkins.addBuild();
  azure.addBuild();
  azure.addJobs([{}]);
  azure.addQueue(21, { name: 'Azure Pipelines', isHosted: true });
  github.addRun();
  github.addJobs([{}]);
  github.addRules([]);
  api.interfere();
  const connector: OriginConnector = createConnector(config, ports);
  const asked: ConnectorQuestion = question;
  return () => connector.lookUp(asked);
}

describe.each(platforms)('$name', (platform) => {
  const { api, config, redirect } = platform;

  test('answers where nothing is wrong', async () => {
    expect(await codeOfAsync(prepared(platform))).toBe('accepted');
  });

  test.each(FAILURES)('answers with %s', async (_, serving, expected) => {
    const look = prepared(platform);
    api.interfere(serving);
    expect(await codeOfAsync(look)).toBe(expected);
  });

  test('redirects, and is not followed', async () => {
    const look = prepared(platform);
    api.interfere({ kind: 'redirect', location: `${api.url}/elsewhere` });
    const before = api.calls.length;
    expect(await codeOfAsync(look)).toBe(redirect);
    expect(api.calls).toHaveLength(before + 1);
  });

  test('does not know the credential', async () => {
    prepared(platform);
    const credential = { ...config.credential, token: 'another-token-0123456789' };
    const { lookUp } = createConnector({ ...config, credential }, ports);
    const refusal = await refusalOf(() => lookUp(platform.question));
    expect([refusal.code, refusal.details]).toEqual(['connector.refused', undefined]);
    expect(refusal.message).not.toMatch(/401|http|token/);
  });

  test('says when its limit of calls is used up', async () => {
    const reset = String(NOW.getTime() / 1000 + 90);
    for (const [status, headers, wait] of [
      [429, { 'retry-after': '7' }, 7],
      [403, { 'retry-after': '0' }, 1],
      [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, 90],
      [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 1],
      [429, { 'retry-after': '999999999' }, 3600],
      [429, {}, 60],
    ] as const) {
      const look = prepared(platform);
      api.interfere({ kind: 'body', status, headers: { ...headers }, body: '{}' });
      const refusal = await refusalOf(look);
      expect([refusal.code, refusal.retryAfter]).toEqual(['connector.unavailable', wait]);
    }
  });

  test('is not asked again while its limit of calls is used up', async () => {
    const look = prepared(platform);
    const before = api.calls.length;
    api.interfere({ kind: 'body', status: 429, headers: { 'retry-after': '20' }, body: '{}' });
    expect((await refusalOf(look)).retryAfter).toBe(20);
    api.interfere();
    ports.clock.forward(15_000);
    expect((await refusalOf(look)).retryAfter).toBe(5);
    expect(api.calls).toHaveLength(before + 1);
    ports.clock.forward(5_000);
    expect(await codeOfAsync(look)).toBe('accepted');
    ports.clock.forward(-20_000);
  });

  test('has its credential in no error, whatever happens', async () => {
    const { token } = config.credential;
    const user = 'user' in config.credential ? config.credential.user : '';
    const secrets = [token, Buffer.from(`${user}:${token}`).toString('base64')];
    for (const [, serving] of [...FAILURES, ['', { kind: 'redirect', location: '/' }, ''] as const]) {
      const look = prepared(platform);
      api.interfere(serving);
      const refusal = await refusalOf(look);
      const shown = `${inspect(refusal, { depth: 9, showHidden: true })} ${JSON.stringify(refusal)}`;
      for (const secret of secrets) expect(shown).not.toContain(secret);
    }
    expect(inspect(createConnector(config, ports), { depth: 9, showHidden: true })).not.toContain(token);
  });
});

describe.each(platforms)('$name that takes its time', ({ api, config, question }) => {
  test.each(['silent', 'drip'] as const)('%s', async (kind) => {
    api.interfere({ kind });
    // The real limit is five seconds; the way out enforces whatever it is given.
    const fetch: typeof ports.fetch = (url, options) => ports.fetch(url, { ...options, timeout: options.timeout / 50 });
    const { lookUp } = createConnector(config, { fetch, now: ports.now });
    expect(await codeOfAsync(() => lookUp(question))).toBe('connector.unavailable');
  });
});
