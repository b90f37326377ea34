import type { ClaimValue, Claims } from '@originsign/core/platforms/claim-schema';
import {
  AZURE_RUN,
  AZURE_TOKEN,
  startAzureDevopsApi,
  type AzureBuildChanges,
  type AzureDevopsApi,
} from '@originsign/testkit/azure-devops-api';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import { azureQuestion, configOf, realPorts } from './connectors.test.fixture.ts';

const OTHER_ID = '00000000-1111-4222-8333-444444444444';
const ports = realPorts();
let azure: AzureDevopsApi;

beforeAll(async () => {
  azure = await startAzureDevopsApi();
});
afterAll(async () => {
  await azure.close();
  await ports.close();
});
beforeEach(() => {
  azure.interfere();
  azure.addBuild();
  azure.addJobs([{ queueId: 21 }]);
  azure.addQueue(21, { name: 'Azure Pipelines', isHosted: true });
  azure.addQueue(22, { name: 'release', isHosted: false });
});

function look(changes: Readonly<Record<string, ClaimValue | undefined>> = {}): Promise<Claims> {
  return createConnector(configOf('azure-devops', azure.url, { token: AZURE_TOKEN }), ports).lookUp(
    azureQuestion(changes),
  );
}

test('brings what the organization knows of a run', async () => {
  expect(await look()).toEqual({
    'azure.reason': 'individualCI',
    'azure.build_state': 'inProgress',
    'azure.is_fork': false,
    'azure.definition_name': 'app-release',
    'azure.definition_revision': 7,
    'azure.repository_type': 'TfsGit',
    'azure.agent_pools': ['Azure Pipelines'],
    'azure.agent_pool': 'Azure Pipelines',
    'azure.pool_is_hosted': true,
  });
});

test('asks for the run by the ids of project and run, and names the version of the API', async () => {
  const before = azure.calls.length;
  await look();
  expect(azure.calls.slice(before)).toEqual([
    `${azure.build}?api-version=7.1`,
    `${azure.build}/timeline?api-version=7.1`,
    `/${AZURE_RUN.project}/_apis/distributedtask/queues/21?api-version=7.1`,
  ]);
});

test('takes a token of Microsoft Entra as what it is', async () => {
  const authorizations: (string | undefined)[] = [];
  const fetch: typeof ports.fetch = (url, options) => {
    authorizations.push(options.headers['authorization']);
    return ports.fetch(url, options);
  };
  for (const token of ['eyJhbGciOi.eyJzdWIi.c2ln', 'a-personal-token']) {
    const { lookUp } = createConnector(configOf('azure-devops', azure.url, { token }), { ...ports, fetch });
    await codeOfAsync(() => lookUp(azureQuestion()));
  }
  expect(authorizations).toEqual([
    'Bearer eyJhbGciOi.eyJzdWIi.c2ln',
    `Basic ${Buffer.from(':a-personal-token').toString('base64')}`,
  ]);
});

describe('refuses', () => {
  test.each<[string, AzureBuildChanges, string]>([
    ['another run', { id: AZURE_RUN.run + 1 }, 'id'],
    ['another project', { project: { id: OTHER_ID } }, 'project'],
    ['another pipeline', { definition: { id: 43, name: 'app-release' } }, 'definition'],
    ['another repository', { repository: { id: OTHER_ID, type: 'TfsGit' } }, 'repository'],
    ['another branch', { sourceBranch: 'refs/heads/evil' }, 'ref'],
    ['another commit', { sourceVersion: 'f'.repeat(40) }, 'commit'],
    ['a run that is over', { status: 'completed' }, 'state'],
    ['a run that is being cancelled', { status: 'cancelling' }, 'state'],
    ['a run that has not begun', { status: 'notStarted' }, 'state'],
    ['a run in a state of the future', { status: 'paused' }, 'state'],
  ])('%s', async (_, changes, fact) => {
    azure.addBuild(changes);
    const refusal = await refusalOf(() => look());
    expect([refusal.code, refusal.details]).toEqual(['connector.disagrees', { system: 'ci', fact }]);
  });

  test('a run that nobody knows', async () => {
    expect((await refusalOf(() => look({ 'azure.run_id': '1' }))).details).toEqual({ system: 'ci', fact: 'exists' });
  });
});

test('compares GUIDs in either case, and repositories of other hosts by their names', async () => {
  azure.addBuild({
    project: { id: AZURE_RUN.project.toUpperCase() },
    repository: { id: AZURE_RUN.repository.toUpperCase(), type: 'TfsGit' },
    sourceVersion: AZURE_RUN.commit.toUpperCase(),
  });
  expect(await codeOfAsync(() => look())).toBe('accepted');
  azure.addBuild({ repository: { id: 'acme/app', type: 'GitHub' } });
  expect(await look({ 'azure.rpo_id': 'acme/app' })).toMatchObject({ 'azure.repository_type': 'GitHub' });
  expect(await codeOfAsync(() => look({ 'azure.rpo_id': 'acme/App' }))).toBe('connector.disagrees');
});

test.each<[string, AzureBuildChanges, boolean | undefined]>([
  ['a pull request from a fork', { reason: 'pullRequest', triggerInfo: { 'pr.isFork': 'True' } }, true],
  ['a pull request of the repository', { reason: 'pullRequest', triggerInfo: { 'pr.isFork': 'False' } }, false],
  ['a pull request of which nothing is said', { reason: 'pullRequest', triggerInfo: {} }, undefined],
  ['a run that names a fork without being one', { reason: 'manual', triggerInfo: { 'pr.isFork': 'True' } }, true],
  ['a manual run', { reason: 'manual', triggerInfo: {} }, false],
  ['a run without trigger', { reason: 'schedule', triggerInfo: null }, false],
])('whether %s is one of a fork', async (_, changes, isFork) => {
  azure.addBuild(changes);
  expect((await look())['azure.is_fork']).toBe(isFork);
});

describe('the pools of a run', () => {
  const pools = async (): Promise<unknown> => {
    const claims = await look();
    return [claims['azure.agent_pools'], claims['azure.agent_pool'], claims['azure.pool_is_hosted']];
  };
  const UNKNOWN = [undefined, undefined, undefined];

  test('are those of all jobs that an agent has taken', async () => {
    azure.addJobs([{ queueId: 21 }, { queueId: 22 }, { queueId: 21 }, { queueId: 99, workerName: null }]);
    expect(await pools()).toEqual([['Azure Pipelines', 'release'], undefined, false]);
    azure.addJobs([{ queueId: 22 }, { queueId: 22 }]);
    expect(await pools()).toEqual([['release'], 'release', false]);
  });

  test('are not known where one cannot be read, names no queue, or no job runs', async () => {
    azure.addJobs([{ queueId: 21 }, { queueId: 23 }]);
    expect(await pools()).toEqual(UNKNOWN);
    azure.addJobs([{ queueId: 21 }, { queueId: null }]);
    expect(await pools()).toEqual(UNKNOWN);
    azure.addJobs([{ queueId: 21, workerName: null }]);
    expect(await pools()).toEqual(UNKNOWN);
    azure.addJobs(Array.from({ length: 21 }, (_, queueId) => ({ queueId })));
    expect(await pools()).toEqual(UNKNOWN);
  });

  test('are not known to a credential without the right to read them, and the rest is', async () => {
    const path = `/${AZURE_RUN.project}/_apis/distributedtask/queues/21`;
    azure.interfere({ kind: 'body', status: 403, body: '{"message":"TF400813"}' }, path);
    expect(await pools()).toEqual(UNKNOWN);
    expect(await look()).toMatchObject({ 'azure.reason': 'individualCI' });
    azure.interfere({ kind: 'body', status: 500, body: '' }, path);
    expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
  });

  test('are not taken from the default of the definition', async () => {
    azure.addBuild({ queue: { id: 22, name: 'release', pool: { id: 2, name: 'release', isHosted: true } } });
    expect(await pools()).toEqual([['Azure Pipelines'], 'Azure Pipelines', true]);
  });
});

test.each<[string, AzureBuildChanges]>([
  ['an id as text', { id: '1' }],
  ['an id that is not exact', { id: Number.MAX_SAFE_INTEGER + 1 }],
  ['no definition', { definition: undefined }],
  ['no project', { project: null }],
  ['no reason', { reason: undefined }],
  ['no commit', { sourceVersion: null }],
  ['a control character in a name', { definition: { id: 42, name: 'a\u001b[2Jb' } }],
  ['a trigger that is a list', { triggerInfo: [] }],
])('cannot read %s', async (_, changes) => {
  azure.addBuild(changes);
  expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
});

test('those who ask at once share one reading', async () => {
  const { lookUp } = createConnector(configOf('azure-devops', azure.url, { token: AZURE_TOKEN }), ports);
  const before = azure.calls.length;
  const release = azure.hold();
  const both = Promise.all([
    lookUp(azureQuestion()),
    codeOfAsync(() => lookUp(azureQuestion({ 'azure.rpo_ref': 'refs/heads/x' }))),
  ]);
  release();
  // Facts are shared, the verdict is not.
  expect((await both)[1]).toBe('connector.disagrees');
  expect(azure.calls).toHaveLength(before + 3);
});
