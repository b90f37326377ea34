import { gitWebAddress } from '@originsign/core/platforms/git-address';
import type { AnswerFields } from './answer-fields.ts';

/** One checkout that a build made, as the git plugin recorded it. */
export interface Checkout {
  /** Addresses of the remotes in their one spelling, sorted, each once; one that names no repository of a server stays as it is. */
  readonly addresses: readonly string[];
  /** 40 or 64 lower-case hexadecimal digits. */
  readonly commit: string;
  /** Names of the branches as the plugin wrote them, for example `refs/remotes/origin/main`. */
  readonly branches: readonly string[];
}

/** The revision that a multibranch project took the pipeline's own definition from. The controller records it, no step does. */
export interface DefinitionRevision {
  /** Missing for kinds of revision that are not one commit of a repository, such as pull requests. */
  readonly commit?: string;
  /** `refs/heads/…` or `refs/tags/…`; missing for other kinds. */
  readonly ref?: string;
}

/** A build as the API of Jenkins describes it. */
export interface JenkinsBuild {
  readonly number: number;
  readonly building: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly url: string;
  /** Name of the agent; only jobs without a pipeline have one. */
  readonly node?: string;
  /** Classes of the causes, sorted, each once. */
  readonly causes: readonly string[];
  readonly definitions: readonly DefinitionRevision[];
  readonly checkouts: readonly Checkout[];
}

/** The part of a build that facts come from; `tree` keeps the answer small whatever else plugins add to it. */
export const BUILD_TREE = [
  'number,building,timestamp,url,builtOn',
  'actions[causes[_class],remoteUrls,lastBuiltRevision[SHA1,branch[name]],revision[hash,head[name]]]',
].join(',');

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads the answer of `…/api/json`. Sources: `BuildData` of the git plugin, `SCMRevisionAction` of the SCM API plugin. */
export function parseJenkinsBuild(answer: AnswerFields): JenkinsBuild {
  const actions = answer.objects('actions');
  const node = answer.optionalText('builtOn');
  const causes = actions.flatMap((action) => action.objects('causes')).map((cause) => cause.text('_class'));
  return {
    number: answer.integer('number'),
    building: answer.flag('building'),
    startedAt: answer.integer('timestamp'),
    url: answer.text('url'),
    ...(node === undefined ? {} : { node }),
    causes: [...new Set(causes)].sort(),
    definitions: actions.flatMap(definitionOf),
    checkouts: actions.flatMap(checkoutOf),
  };
}

function definitionOf(action: AnswerFields): readonly DefinitionRevision[] {
  if (action.optionalText('_class') !== 'jenkins.scm.api.SCMRevisionAction') return [];
  const revision = action.object('revision');
  const commit = revision.optionalText('hash');
  const head = revision.object('head');
  const ref = refOf(head.optionalText('_class') ?? '', head.text('name'));
  return [
    {
      ...(commit !== undefined && COMMIT.test(commit) ? { commit } : {}),
      ...(ref === undefined ? {} : { ref }),
    },
  ];
}

/** Branch sources have classes of their own, all named by these two patterns; pull requests are named otherwise. */
function refOf(headClass: string, name: string): string | undefined {
  if (/[.$](?:Git)?BranchSCMHead$/.test(headClass)) return `refs/heads/${name}`;
  return /[.$][A-Za-z]*TagSCMHead$/.test(headClass) ? `refs/tags/${name}` : undefined;
}

/**
 * `lastBuiltRevision` is of this very build; `buildsByBranchName` beside it holds those of earlier ones. The record of a
 * checkout that failed has none.
 */
function checkoutOf(action: AnswerFields): readonly Checkout[] {
  const revision = action.optionalObject('lastBuiltRevision');
  if (revision === undefined) return [];
  const addresses = action.texts('remoteUrls').map((address) => gitWebAddress(address) ?? address);
  const commit = revision.text('SHA1').toLowerCase();
  const branches = revision.objects('branch').flatMap((branch) => branch.optionalText('name') ?? []);
  return [{ addresses: [...new Set(addresses)].sort(), commit, branches: [...new Set(branches)].sort() }];
}
