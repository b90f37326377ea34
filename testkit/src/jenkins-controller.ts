import { startApiStandIn, type ApiStandIn } from './api-stand-in.ts';
import { pruneToTree } from './jenkins-tree.ts';

/** What is different about one build. */
export interface BuildChanges {
  readonly number?: number;
  readonly building?: boolean;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  readonly url?: string;
  readonly builtOn?: string;
  /** Classes of the causes. */
  readonly causes?: readonly string[];
  /** Actions besides the causes; those of a multibranch build where left out. */
  readonly actions?: readonly unknown[];
}

/** Stands in for a Jenkins controller on loopback: its JSON API for builds. */
export interface JenkinsController extends ApiStandIn {
  /** Serves a build of the job `/job/team/job/app/job/main/`, or of another path. */
  addBuild(changes?: BuildChanges, job?: string): void;
}

/** The job whose builds a controller serves where no other is named. */
export const JENKINS_JOB = '/job/team/job/app/job/main/';

/** User and API token that the controller accepts. */
export const JENKINS_CREDENTIAL = { user: 'svc-originsign', token: '11d3b04fca6e94c1a0e24fd1b5a2c99e01' } as const;

/** Starts the controller on a free loopback port. */
export async function startJenkinsController(): Promise<JenkinsController> {
  const { user, token } = JENKINS_CREDENTIAL;
  const expected = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  const api = await startApiStandIn((_, authorization) => authorization === expected);
  return {
    ...api,
    addBuild: (changes = {}, job = JENKINS_JOB) => {
      const build = jenkinsBuild(api.url, job, changes);
      const path = `${job}${changes.number ?? 17}/api/json`;
      api.serve(path, (query) => pruneToTree(build, query.get('tree') ?? ''));
    },
  };
}

/** The record that the git plugin leaves of a checkout. */
export function gitBuildData(url: string, commit: string, branch = 'main', more: readonly string[] = []): unknown {
  const revision = { SHA1: commit, branch: [{ SHA1: commit, name: branch }] };
  return {
    _class: 'hudson.plugins.git.util.BuildData',
    buildsByBranchName: {
      [branch]: {
        _class: 'hudson.plugins.git.util.Build',
        buildNumber: 17,
        buildResult: null,
        marked: revision,
        revision,
      },
      'an-older-one': {
        _class: 'hudson.plugins.git.util.Build',
        buildNumber: 3,
        buildResult: null,
        marked: { SHA1: 'e'.repeat(40), branch: [] },
        revision: { SHA1: 'e'.repeat(40), branch: [] },
      },
    },
    lastBuiltRevision: revision,
    remoteUrls: [url, ...more],
    scmName: '',
  };
}

/** The record that a multibranch project leaves of the revision that the pipeline's definition came from. */
export function scmRevision(
  commit: string,
  name = 'main',
  head = 'jenkins.plugins.git.GitBranchSCMHead',
  revision = 'jenkins.plugins.git.GitBranchSCMRevision',
): unknown {
  return {
    _class: 'jenkins.scm.api.SCMRevisionAction',
    revision: { _class: revision, deterministic: true, hash: commit, head: { _class: head, name, origin: {} } },
  };
}

/** Repository and commit of the build that is served where nothing else is said. */
export const JENKINS_SOURCE = {
  url: 'git@git.acme.example:team/app.git',
  commit: '4f2c9d1e8b7a6053f4e1d2c3b4a5968778695a4b',
} as const;

/** A build as `…/api/json` shows it. Shape: Jenkins 2.5xx with the plugins git, scm-api, workflow-job and branch-api. */
function jenkinsBuild(root: string, job: string, changes: BuildChanges): unknown {
  const { url, commit } = JENKINS_SOURCE;
  const {
    number = 17,
    building = true,
    timestamp = 1_800_000_000_000,
    causes = ['jenkins.branch.BranchEventCause'],
  } = changes;
  const actions = changes.actions ?? [scmRevision(commit), gitBuildData(url, commit)];
  return {
    _class: 'org.jenkinsci.plugins.workflow.job.WorkflowRun',
    actions: [
      {
        _class: 'hudson.model.CauseAction',
        causes: causes.map((_class) => ({ _class, shortDescription: 'Push event' })),
      },
      { _class: 'jenkins.metrics.impl.TimeInQueueAction', blockedDurationMillis: 0, buildingDurationMillis: 4211 },
      {},
      { _class: 'hudson.plugins.git.GitTagAction', tags: [] },
      ...actions,
      { _class: 'org.jenkinsci.plugins.workflow.job.views.FlowGraphAction' },
      {},
    ],
    artifacts: [],
    building,
    ...(changes.builtOn === undefined ? {} : { builtOn: changes.builtOn }),
    description: null,
    displayName: `#${number}`,
    duration: 0,
    estimatedDuration: 41_223,
    executor: {},
    fullDisplayName: `team » app » main #${number}`,
    id: String(number),
    inProgress: building,
    keepLog: false,
    number,
    queueId: 4711,
    result: null,
    timestamp,
    url: changes.url ?? `${root}${job}${number}/`,
    changeSets: [],
    culprits: [],
    nextBuild: null,
    previousBuild: null,
  };
}
