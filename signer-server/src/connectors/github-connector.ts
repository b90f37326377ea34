import type { Claims } from '@originsign/core/platforms/claim-schema';
import { integerClaim, presentClaims, textClaim } from './claims-in-and-out.ts';
import { apiUnavailable, contradiction } from './connector-errors.ts';
import { githubApi } from './github-api.ts';
import { combineRules, parseProtection, parseRule, ruleClaims, type BranchRules } from './github-protection.ts';
import { parseGithubRun, parseJobsPage, type GithubJob, type GithubRun } from './github-run.ts';
import type { ConnectorConfig, ConnectorPorts, ConnectorQuestion, OriginConnector } from './origin-connector.ts';
import type { PlatformApi } from './platform-api.ts';
import { createSharedFacts } from './shared-facts.ts';

const RUN_LIFETIME = 3_000;
const RULES_LIFETIME = 60_000;
const PAGE_SIZE = 100;
const MOST_PAGES = 20;
/** States of a run in which one of its jobs can be running. */
const RUNNING = ['in_progress', 'queued', 'waiting', 'pending'];

interface Run {
  readonly run: GithubRun;
  readonly jobs: readonly GithubJob[];
}

/** Asks GitHub for the workflow run that a token is of, and for the rules of its branch. */
export function createGithubConnector(config: ConnectorConfig, ports: ConnectorPorts): OriginConnector {
  const apiOf = githubApi(config, ports);
  const runs = createSharedFacts<Run>(RUN_LIFETIME, ports.now);
  const rules = createSharedFacts<BranchRules | undefined>(RULES_LIFETIME, ports.now);
  return {
    async lookUp({ claims }) {
      const repository = `/repos/${textClaim(claims, 'github.repository')}`;
      const path = `${repository}/actions/runs/${textClaim(claims, 'github.run_id')}`;
      const attempt = integerClaim(claims, 'github.run_attempt');
      const branch = /^refs\/heads\/(.+)$/.exec(textClaim(claims, 'github.ref'))?.[1];
      const { run, jobs } = await runs.get(`${path}/${attempt}`, async () =>
        readRun(await apiOf(repository), path, attempt, config.systemId),
      );
      checkRun(run, claims, config.systemId);
      checkJobs(jobs, claims, config.systemId);
      if (branch === undefined) return runClaims(run, jobs);
      const found = await rules.get(`${repository} ${branch}`, async () =>
        readBranchRules(await apiOf(repository), repository, branch, config.systemId),
      );
      return { ...runClaims(run, jobs), ...(found === undefined ? {} : ruleClaims(found)) };
    },
  };
}

async function readRun(api: PlatformApi, path: string, attempt: number, system: string): Promise<Run> {
  const run = parseGithubRun(await api.read(path));
  const jobs: GithubJob[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = `per_page=${PAGE_SIZE}&page=${page}`;
    const answer = parseJobsPage(await api.read(`${path}/attempts/${attempt}/jobs?${query}`));
    jobs.push(...answer.jobs);
    if (jobs.length >= answer.total) return { run, jobs };
    if (answer.jobs.length === 0) break;
  }
  throw apiUnavailable(system, 'it does not list all jobs of the run');
}

/** `undefined` where the credential may not read the rules: then nothing is said of them, also not that there are none. */
async function readBranchRules(
  api: PlatformApi,
  repository: string,
  branch: string,
  system: string,
): Promise<BranchRules | undefined> {
  const name = encodeURIComponent(branch);
  const protection = await api.tryRead(`${repository}/branches/${name}/protection`);
  if (protection === 'forbidden') return undefined;
  const rules: BranchRules[] = protection === 'missing' ? [] : [parseProtection(protection)];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = `per_page=${PAGE_SIZE}&page=${page}`;
    const answer = await api.tryReadList(`${repository}/rules/branches/${name}?${query}`);
    if (typeof answer === 'string') return undefined;
    rules.push(...answer.map(parseRule));
    if (answer.length < PAGE_SIZE) return combineRules(rules);
  }
  throw apiUnavailable(system, 'it does not list all rules of the branch');
}

function checkRun(run: GithubRun, claims: ConnectorQuestion['claims'], system: string): void {
  const event = textClaim(claims, 'github.event_name');
  const facts: readonly (readonly [fact: string, agrees: boolean, words: string])[] = [
    ['id', run.id === textClaim(claims, 'github.run_id'), 'the run has another id'],
    [
      'repository',
      run.repositoryId === textClaim(claims, 'github.repository_id'),
      'the run is one of another repository',
    ],
    ['attempt', run.attempt === integerClaim(claims, 'github.run_attempt'), 'the run is in another attempt'],
    ['event', run.event === event, 'the run was started by another event'],
    // Tokens of pull requests name the merge commit, the API the head of the branch.
    [
      'commit',
      event === 'pull_request' || run.commit === textClaim(claims, 'github.sha'),
      'the run is one of another commit',
    ],
    ['state', RUNNING.includes(run.status), 'the run is not running any more'],
  ];
  const wrong = facts.find(([, agrees]) => !agrees);
  if (wrong !== undefined) throw contradiction(system, wrong[0], wrong[2]);
}

function checkJobs(jobs: readonly GithubJob[], claims: ConnectorQuestion['claims'], system: string): void {
  const runId = textClaim(claims, 'github.run_id');
  if (jobs.some((job) => job.runId !== runId)) throw contradiction(system, 'jobs', 'it lists jobs of another run');
  const checkRun = claims['github.check_run_id'];
  if (checkRun === undefined) return;
  // The id of a job and the id of its check run are one number.
  const own = jobs.find(({ id }) => id === checkRun);
  if (own === undefined) throw contradiction(system, 'job', 'the run has no such job');
  if (own.status === 'completed') throw contradiction(system, 'job', 'the job is not running any more');
}

function runClaims(run: GithubRun, jobs: readonly GithubJob[]): Claims {
  const groups = [...new Set(jobs.flatMap(({ runnerGroup }) => runnerGroup ?? []))].sort();
  const isKnown = groups.length > 0 && !jobs.some(({ isRunnerHidden }) => isRunnerHidden);
  return presentClaims({
    'github.run_status': run.status,
    'github.runner_groups': isKnown ? groups : undefined,
    'github.runner_group': isKnown && groups.length === 1 ? groups[0] : undefined,
  });
}
