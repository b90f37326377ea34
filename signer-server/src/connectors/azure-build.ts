import type { AnswerFields } from './answer-fields.ts';

/** A run of a pipeline as the API of Azure DevOps describes it. Source: REST API 7.1, Builds - Get. */
export interface AzureBuild {
  readonly id: string;
  readonly projectId: string;
  readonly definition: { readonly id: string; readonly name: string; readonly revision?: number };
  readonly repositoryId: string;
  /** `TfsGit`, `GitHub`, … */
  readonly repositoryType: string;
  readonly state: string;
  readonly reason: string;
  readonly ref: string;
  readonly commit: string;
  /** Missing where the run is one of a pull request and the API does not say. */
  readonly isFork?: boolean;
}

/** Reads the answer of `_apis/build/builds/{id}`. */
export function parseAzureBuild(answer: AnswerFields): AzureBuild {
  const definition = answer.object('definition');
  const revision = definition.optionalInteger('revision');
  const repository = answer.object('repository');
  const reason = answer.text('reason');
  const isFork = forkFlag(answer, reason);
  return {
    id: String(answer.integer('id')),
    projectId: answer.object('project').text('id').toLowerCase(),
    definition: {
      id: String(definition.integer('id')),
      name: definition.text('name'),
      ...(revision === undefined ? {} : { revision }),
    },
    repositoryId: repository.text('id'),
    repositoryType: repository.text('type'),
    state: answer.text('status'),
    reason,
    ref: answer.text('sourceBranch'),
    commit: answer.text('sourceVersion').toLowerCase(),
    ...(isFork === undefined ? {} : { isFork }),
  };
}

/** `triggerInfo` has its booleans as text, "True" and "False", and tells only of what started the run. */
function forkFlag(answer: AnswerFields, reason: string): boolean | undefined {
  const flag = answer.optionalObject('triggerInfo')?.optionalText('pr.isFork')?.toLowerCase();
  if (flag === 'true') return true;
  return flag === 'false' || reason !== 'pullRequest' ? false : undefined;
}

/** A job of a run that an agent has taken. */
export interface AzureJob {
  /** Queue that the agent belongs to; missing where the API does not say. */
  readonly queueId?: string;
}

/** Jobs that run or ran on an agent. Jobs that wait, were skipped or need no agent have no worker. */
export function parseTimeline(answer: AnswerFields): readonly AzureJob[] {
  return answer
    .objects('records')
    .filter((record) => record.text('type') === 'Job' && record.optionalText('workerName') !== undefined)
    .map((record) => {
      const queueId = record.optionalInteger('queueId');
      return queueId === undefined ? {} : { queueId: String(queueId) };
    });
}

/** The pool behind a queue. */
export interface AzurePool {
  readonly name: string;
  readonly isHosted: boolean;
}

/** Reads the answer of `_apis/distributedtask/queues/{id}`. */
export function parsePool(answer: AnswerFields): AzurePool {
  const pool = answer.object('pool');
  return { name: pool.text('name'), isHosted: pool.optionalFlag('isHosted') ?? false };
}
