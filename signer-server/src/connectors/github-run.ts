import type { AnswerFields } from './answer-fields.ts';

/** A workflow run as the API of GitHub describes it. Source: REST API 2022-11-28, Get a workflow run. */
export interface GithubRun {
  readonly id: string;
  readonly repositoryId: string;
  readonly commit: string;
  readonly attempt: number;
  readonly event: string;
  readonly status: string;
}

/** Reads the answer of `/repos/{owner}/{repo}/actions/runs/{id}`. */
export function parseGithubRun(answer: AnswerFields): GithubRun {
  return {
    id: String(answer.integer('id')),
    repositoryId: String(answer.object('repository').integer('id')),
    commit: answer.text('head_sha'),
    attempt: answer.integer('run_attempt'),
    event: answer.text('event'),
    status: answer.text('status'),
  };
}

/** A job of one attempt of a run. */
export interface GithubJob {
  readonly id: string;
  readonly runId: string;
  readonly status: string;
  /** Group of the runner that has the job; missing where none has it. */
  readonly runnerGroup?: string;
  /** True for a job that has begun on a runner that the API does not name. */
  readonly isRunnerHidden: boolean;
}

/** One page of jobs. */
export interface JobsPage {
  readonly total: number;
  readonly jobs: readonly GithubJob[];
}

/** Reads one page of `…/attempts/{n}/jobs`. */
export function parseJobsPage(answer: AnswerFields): JobsPage {
  return { total: answer.integer('total_count'), jobs: answer.objects('jobs').map(parseJob) };
}

/** Skipped and waiting jobs have neither runner nor steps: they are on no runner, not on an unknown one. */
function parseJob(job: AnswerFields): GithubJob {
  const runnerGroup = job.optionalText('runner_group_name');
  const hasRunner = job.optionalText('runner_name') !== undefined || (job.optionalInteger('runner_id') ?? 0) > 0;
  return {
    id: String(job.integer('id')),
    runId: String(job.integer('run_id')),
    status: job.text('status'),
    ...(runnerGroup === undefined ? {} : { runnerGroup }),
    isRunnerHidden: runnerGroup === undefined && (hasRunner || job.objects('steps').length > 0),
  };
}
