import type { ClaimSchema } from './claim-schema.ts';
import { always, alwaysByUser, sometimes, sometimesByUser } from './claim-table.ts';
import { GITLAB_SOURCES } from './gitlab-rules.ts';

const derivedFrom = 'ci_config_ref_uri';

/** Claims that GitLab sends as they are in JSON; every other one is text, also numbers and booleans. */
export const GITLAB_JSON_CLAIMS: readonly ClaimSchema[] = [
  sometimes('runner_id', 'integer', 'Id of the runner.'),
  sometimesByUser('groups_direct', 'list', 'Paths of the groups that the account is a direct member of.'),
];

/** Claims that GitLab sends as text. Source: docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
export const GITLAB_TEXT_CLAIMS: readonly ClaimSchema[] = [
  always('project_id', 'string', 'Immutable id of the project; for merge requests from forks, of the fork.', {
    spelling: 'digits',
  }),
  always('project_path', 'string', 'Path of the project. Paths can be re-registered: pin the ids.'),
  always('namespace_id', 'string', 'Immutable id of the group or user that the project lies in.', {
    spelling: 'digits',
  }),
  always('namespace_path', 'string', 'Path of that group or user.'),
  sometimes(
    'job_project_id',
    'string',
    'Immutable id of the project that the job runs in. Tokens where it is not project_id are refused.',
    {
      spelling: 'digits',
    },
  ),
  sometimes('job_project_path', 'string', 'Path of that project.'),
  sometimes('job_namespace_id', 'string', 'Immutable id of the group or user that it lies in.', { spelling: 'digits' }),
  sometimes('job_namespace_path', 'string', 'Path of that group or user.'),
  sometimes('project_visibility', 'string', 'Visibility of the project.', {
    values: ['public', 'internal', 'private'],
  }),
  always('ref_path', 'string', 'Full ref that started the pipeline: refs/heads/… or refs/tags/….'),
  sometimes('ref_type', 'string', 'Kind of ref.', { values: ['branch', 'tag'] }),
  always(
    'ref_protected',
    'boolean',
    'Whether the branch or tag is protected: only people with the right may push to it.',
  ),
  always('sha', 'string', 'Commit that the pipeline was started for. The job may have checked out another one.', {
    spelling: 'commit',
  }),
  always('pipeline_source', 'string', 'What started the pipeline.', { values: GITLAB_SOURCES }),
  alwaysByUser('pipeline_id', 'string', 'Id of the pipeline.', { spelling: 'digits' }),
  alwaysByUser('job_id', 'string', 'Id of the job. A job that is run again has a new one.', { spelling: 'digits' }),
  always('ci_config_project', 'string', 'Path of the project that the top-level pipeline file lies in.', {
    derivedFrom,
  }),
  always('ci_config_path', 'string', 'Path of the top-level pipeline file in its project.', { derivedFrom }),
  always('ci_config_ref', 'string', 'Full ref that the file came from.', { derivedFrom }),
  sometimes('ci_config_sha', 'string', 'Commit of the file, where it lies in the project itself.', {
    spelling: 'commit',
  }),
  sometimes('environment', 'string', 'Environment of the job.'),
  sometimes('environment_protected', 'boolean', 'Whether only some people may deploy to the environment.'),
  sometimes('deployment_tier', 'string', 'Tier of the environment.'),
  sometimes('environment_action', 'string', 'What the job does with the environment.'),
  sometimes('runner_environment', 'string', 'Kind of runner.', { values: ['gitlab-hosted', 'self-hosted'] }),
  sometimesByUser('user_id', 'string', 'Immutable id of the account that runs the job.', { spelling: 'digits' }),
  sometimesByUser('user_login', 'string', 'Name of that account.'),
  sometimesByUser('user_access_level', 'string', 'Role of that account in the project.'),
];

/** Claims of GitLab's identity tokens that policies may use. `sub` is not among them: projects choose its form. */
export const GITLAB_CLAIMS: readonly ClaimSchema[] = [...GITLAB_TEXT_CLAIMS, ...GITLAB_JSON_CLAIMS];
