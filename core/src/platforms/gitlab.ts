import { OriginSignError } from '../errors/error.ts';
import { type Claims, missingClaim, parseStringClaims, parseTypedClaims } from './claim-schema.ts';
import { always } from './claim-table.ts';
import { optionalText, requiredText } from './claim-text.ts';
import { splitFileAtRef } from './file-at-ref.ts';
import { GITLAB_CLAIMS, GITLAB_JSON_CLAIMS, GITLAB_TEXT_CLAIMS } from './gitlab-claims.ts';
import { checkGitlabRule, GITLAB_REQUEST_SOURCES } from './gitlab-rules.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';
import { presentClaims } from './present-claims.ts';

const DAY = 24 * 60 * 60;

/**
 * GitLab CI, on gitlab.com and on instances. The audience stands in the pipeline file, and a job has one token that lives as
 * long as the job may run: so the first key that presents it owns it, and its age is not limited beyond its life.
 */
export const GITLAB: Platform = {
  type: 'gitlab',
  prefix: 'gitlab',
  binding: 'proof',
  algorithms: ['RS256'],
  maxTokenLifetime: DAY,
  maxTokenAge: DAY,
  requestsPerToken: 16,
  hasJti: true,
  claims: GITLAB_CLAIMS,
  unusableClaims: {
    sub: 'projects choose its form; the ids, ref_path and ci_config_path say what it says',
    ref: 'a branch and a tag can have the same short name; ref_path is the full one',
    ci_config_ref_uri: 'its parts are ci_config_project, ci_config_path and ci_config_ref',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
    jti: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'gitlab.project_id', ownerId: 'gitlab.namespace_id', match: 'exact' },
  workflowClaims: {
    path: 'gitlab.ci_config_path',
    repository: 'gitlab.ci_config_project',
    own: 'gitlab.project_path',
  },
  parseClaims: parseGitlabClaims,
  origin: gitlabOrigin,
  checkIssuer: ({ issuer }) => (URL.canParse(issuer) ? undefined : 'the issuer is not the URL of an instance'),
  checkRule: checkGitlabRule,
};

const CONFIG = always('ci_config_ref_uri', 'string', 'Address of the pipeline file.');

/** `host/group/project//path/of/file.yml`, where no part of a project's path is empty. */
const FILE = /^[^/]+\/([A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+)\/\/((?:[^/]+\/)*[^/]+\.ya?ml)$/;

function parseGitlabClaims(raw: unknown): Claims {
  const payload = presentClaims(raw);
  const claims = {
    ...parseStringClaims(payload, 'gitlab', GITLAB_TEXT_CLAIMS),
    ...parseTypedClaims(payload, 'gitlab', GITLAB_JSON_CLAIMS),
  };
  const config = requiredText(parseStringClaims(payload, 'gitlab', [CONFIG]), 'gitlab', CONFIG.name);
  const { project, path, ref } = splitFileAtRef(config, CONFIG.name, (before) => {
    const [, inProject, file] = FILE.exec(before) ?? [];
    return inProject === undefined || file === undefined ? undefined : { project: inProject, path: file };
  });
  return { ...claims, 'gitlab.ci_config_project': project, 'gitlab.ci_config_path': path, 'gitlab.ci_config_ref': ref };
}

function gitlabOrigin(claims: Claims, { id, issuer, serverUrl = issuer }: SystemIdentity): Origin {
  const text = (name: string): string => requiredText(claims, 'gitlab', name);
  if (typeof claims['gitlab.ref_protected'] !== 'boolean') throw missingClaim('ref_protected');
  checkMergeRequest(claims, text);
  const project = `${serverUrl}/${text('project_path')}`;
  const [path, ref] = [text('ci_config_path'), text('ci_config_ref')];
  return {
    platform: 'gitlab',
    system: id,
    repository: { uri: project, id: text('project_id'), ownerId: text('namespace_id') },
    commit: text('sha'),
    ref: text('ref_path'),
    workflow: {
      uri: `${serverUrl}/${text('ci_config_project')}//${path}@${ref}`,
      path,
      ref,
      ...optionalText('commit', claims, 'gitlab', 'ci_config_sha'),
    },
    run: { id: text('pipeline_id'), uri: `${project}/-/pipelines/${text('pipeline_id')}` },
    trigger: text('pipeline_source'),
    ...optionalText('runner', claims, 'gitlab', 'runner_environment'),
    ...optionalText('environment', claims, 'gitlab', 'environment'),
    ...optionalText('actor', claims, 'gitlab', 'user_login'),
    ...optionalText('actorId', claims, 'gitlab', 'user_id'),
  };
}

/**
 * A merge request of a fork can run in the project that it is for, on its runners. Its `project_` claims then name the fork;
 * before GitLab 18.3 they named the project. Neither is a build of the project.
 */
function checkMergeRequest(claims: Claims, text: (name: string) => string): void {
  const isElsewhere = ['project_id', 'namespace_id'].some((name) => {
    const running = claims[`gitlab.job_${name}`];
    return running !== undefined && running !== text(name);
  });
  if (!isElsewhere && !GITLAB_REQUEST_SOURCES.includes(text('pipeline_source'))) return;
  throw new OriginSignError(
    'token.pull_request',
    'The pipeline builds a merge request, whose commits are not reviewed yet.',
  );
}
