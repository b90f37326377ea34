import { always, alwaysByUser, sometimes, sometimesByUser } from './claim-table.ts';
import type { ClaimSchema } from './claim-schema.ts';
import { GITHUB_CONNECTOR_CLAIMS } from './github-connector-claims.ts';
import { GITHUB_EVENTS } from './github-events.ts';

/**
 * Claims of GitHub Actions tokens that policies may use. `sub` is not among them: its form differs between repositories and
 * their owners can replace it. Source: docs.github.com, OpenID Connect reference.
 */
export const GITHUB_CLAIMS: readonly ClaimSchema[] = [
  always(
    'repository',
    'string',
    'Repository that the run belongs to, owner/name. Names can be re-registered: pin the ids.',
    { spelling: 'repository' },
  ),
  always('repository_id', 'string', 'Immutable id of the repository.', { spelling: 'digits' }),
  sometimes('repository_owner', 'string', 'Owner of the repository. Names can be re-registered: pin the id.'),
  always('repository_owner_id', 'string', 'Immutable id of the owner.', { spelling: 'digits' }),
  sometimes('repository_visibility', 'string', 'Visibility of the repository.', {
    values: ['public', 'private', 'internal'],
  }),
  sometimes('enterprise', 'string', 'Enterprise of the owner.'),
  sometimes('enterprise_id', 'string', 'Immutable id of the enterprise.', { spelling: 'digits' }),
  always('ref', 'string', 'Full ref that started the run: refs/heads/… or refs/tags/….'),
  sometimes('ref_type', 'string', 'Kind of ref.', { values: ['branch', 'tag'] }),
  sometimes('ref_protected', 'boolean', 'Whether branch protection or a ruleset covers the ref.'),
  always('sha', 'string', 'Commit that started the run. The job may have checked out another one.', {
    spelling: 'commit',
  }),
  sometimesByUser('head_ref', 'string', 'Source branch of a pull request.'),
  sometimesByUser('base_ref', 'string', 'Target branch of a pull request.'),
  always('event_name', 'string', 'Event that started the run.', { values: GITHUB_EVENTS }),
  sometimesByUser('workflow', 'string', 'Display name of the workflow: text in its file.'),
  always('workflow_repository', 'string', 'Repository of the workflow that was started, owner/name.', {
    spelling: 'repository',
    derivedFrom: 'workflow_ref',
  }),
  always('workflow_path', 'string', 'Path of the workflow that was started.', { derivedFrom: 'workflow_ref' }),
  always(
    'workflow_ref',
    'string',
    'Ref or commit that the workflow that was started came from: what follows the @ of the claim in the token.',
    { derivedFrom: 'workflow_ref' },
  ),
  sometimes('workflow_sha', 'string', 'Commit of the workflow that was started.', { spelling: 'commit' }),
  always('job_workflow_repository', 'string', 'Repository of the workflow file that the job runs in, owner/name.', {
    spelling: 'repository',
    derivedFrom: 'job_workflow_ref',
  }),
  always(
    'job_workflow_path',
    'string',
    'Path of the workflow file that the job runs in; for a reusable workflow the called file.',
    { derivedFrom: 'job_workflow_ref' },
  ),
  always(
    'job_workflow_ref',
    'string',
    'Ref or commit of the workflow file that the job runs in: what follows the @ of the claim in the token.',
    { derivedFrom: 'job_workflow_ref' },
  ),
  sometimes('job_workflow_sha', 'string', 'Commit of the workflow file that the job runs in.', { spelling: 'commit' }),
  sometimes('environment', 'string', 'Deployment environment of the job; its protection rules applied.'),
  always('runner_environment', 'string', 'Kind of runner.', { values: ['github-hosted', 'self-hosted'] }),
  sometimesByUser('actor', 'string', 'Account that started the run first; a re-run keeps it.'),
  sometimesByUser('actor_id', 'string', 'Immutable id of that account.', { spelling: 'digits' }),
  alwaysByUser('run_id', 'string', 'Id of the run.', { spelling: 'digits' }),
  sometimesByUser('run_number', 'integer', 'Number of the run within its workflow.'),
  alwaysByUser('run_attempt', 'integer', 'Attempt of the run, from 1.'),
  sometimesByUser('check_run_id', 'string', 'Id of the check run of the job.', { spelling: 'digits' }),
  ...GITHUB_CONNECTOR_CLAIMS,
];
