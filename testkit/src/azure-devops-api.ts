import { startApiStandIn, type ApiStandIn } from './api-stand-in.ts';

/** Fields of a build that replace those of the recorded one. */
export type AzureBuildChanges = Readonly<Record<string, unknown>>;

/** Stands in for the REST API of an Azure DevOps organization on loopback: builds, their timeline, agent queues. */
export interface AzureDevopsApi extends ApiStandIn {
  /** Path of the build that is served. */
  readonly build: string;
  addBuild(changes?: AzureBuildChanges): void;
  /** The jobs of the build: the queue and the worker that each has, or none yet. */
  addJobs(jobs: readonly { readonly queueId?: number | null; readonly workerName?: string | null }[]): void;
  addQueue(id: number, pool: { readonly name: string; readonly isHosted: boolean }): void;
}

/** Ids of the recorded build. */
export const AZURE_RUN = {
  project: '6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c',
  repository: '3411ebc1-d5aa-464f-9615-0b527bc66719',
  definition: 42,
  run: 2_147_490_001,
  commit: '7ba2b1f0c1d24e0fa9cc31a56af3a8d1c4a2f0e5',
  ref: 'refs/heads/main',
} as const;

/** Personal access token that the API accepts. */
export const AZURE_TOKEN = '5sxnkrtdivm6f7mc6jyjd2ldxbfdvsjeq7etiqzp7zrpaa4kwgfq';

/** Starts the API on a free loopback port. */
export async function startAzureDevopsApi(): Promise<AzureDevopsApi> {
  const expected = `Basic ${Buffer.from(`:${AZURE_TOKEN}`).toString('base64')}`;
  const api = await startApiStandIn((_, authorization) => authorization === expected);
  const build = `/${AZURE_RUN.project}/_apis/build/builds/${AZURE_RUN.run}`;
  return {
    ...api,
    build,
    addBuild: (changes = {}) => api.serve(build, () => ({ ...RECORDED_BUILD, ...changes })),
    addJobs: (jobs) =>
      api.serve(`${build}/timeline`, () => ({
        records: [STAGE, ...jobs.map((job, order) => ({ ...RECORDED_JOB, order, ...job })), TASK],
        lastChangedOn: '2026-11-20T09:12:44.12Z',
        id: '96ac2280-8cb4-5df5-99de-dd2da759617d',
        changeId: 12,
      })),
    addQueue: (id, pool) =>
      api.serve(`/${AZURE_RUN.project}/_apis/distributedtask/queues/${id}`, () => ({
        id,
        projectId: AZURE_RUN.project,
        name: pool.name,
        pool: {
          id: 9,
          scope: 'c1a5b2d6-0000-4000-8000-000000000001',
          poolType: 'automation',
          size: 1,
          isLegacy: false,
          ...pool,
        },
      })),
  };
}

/** Shape: REST API 7.1, Builds - Get. */
const RECORDED_BUILD = {
  _links: { self: { href: 'https://dev.azure.com/acme/_apis/build/Builds/1' } },
  properties: {},
  tags: [],
  validationResults: [],
  plans: [{ planId: 'e9c2ed0c-0b8f-4d2c-9b0f-5bb6c6a1a8a1' }],
  triggerInfo: {
    'ci.sourceBranch': 'refs/heads/main',
    'ci.sourceSha': AZURE_RUN.commit,
    'ci.triggerRepository': AZURE_RUN.repository,
  },
  id: AZURE_RUN.run,
  buildNumber: '20261120.3',
  status: 'inProgress',
  queueTime: '2026-11-20T09:11:02.1145Z',
  startTime: '2026-11-20T09:11:09.3301Z',
  url: 'https://dev.azure.com/acme/_apis/build/Builds/1',
  definition: {
    drafts: [],
    id: AZURE_RUN.definition,
    name: 'app-release',
    url: 'https://dev.azure.com/acme/_apis/build/Definitions/42?revision=7',
    path: '\\',
    type: 'build',
    queueStatus: 'enabled',
    revision: 7,
    project: { id: AZURE_RUN.project, name: 'App', state: 'wellFormed' },
  },
  project: { id: AZURE_RUN.project, name: 'App', state: 'wellFormed', visibility: 'private' },
  sourceBranch: AZURE_RUN.ref,
  sourceVersion: AZURE_RUN.commit,
  // The default of the definition, not where the jobs run.
  queue: { id: 18, name: 'Default', pool: { id: 1, name: 'Default' } },
  priority: 'normal',
  reason: 'individualCI',
  requestedFor: { displayName: 'Ada', uniqueName: 'ada@acme.example', id: '5ffb2b25-5dea-4b2f-9a5a-b2bf3b7a30a1' },
  repository: { id: AZURE_RUN.repository, type: 'TfsGit', name: 'App', clean: null, checkoutSubmodules: false },
  retainedByRelease: false,
  triggeredByBuild: null,
  appendCommitMessageToRunName: true,
};

const RECORDED_JOB = {
  previousAttempts: [],
  id: '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
  parentId: '96ac2280-8cb4-5df5-99de-dd2da759617d',
  type: 'Job',
  name: 'Build',
  startTime: '2026-11-20T09:11:20Z',
  finishTime: null,
  percentComplete: 0,
  state: 'inProgress',
  result: null,
  workerName: 'Azure Pipelines 4',
  queueId: 21,
  attempt: 1,
  identifier: 'Build',
};

const STAGE = { ...RECORDED_JOB, type: 'Stage', workerName: null, queueId: null };
const TASK = { ...RECORDED_JOB, type: 'Task', name: 'Sign', queueId: null };
