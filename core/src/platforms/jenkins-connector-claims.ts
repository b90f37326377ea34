import type { ClaimSchema } from './claim-schema.ts';
import { sometimes, sometimesByUser } from './claim-table.ts';

const source = 'connector';

/** Claims that the controller's REST API brings: facts about the build that the token was made in. */
export const JENKINS_CONNECTOR_CLAIMS: readonly ClaimSchema[] = [
  sometimesByUser(
    'scm_url',
    'string',
    'Repository that was checked out: https, without user, .git and slash at the end, however it was cloned. What the build reports.',
    { source },
  ),
  sometimesByUser(
    'scm_commit',
    'string',
    'Commit of the pipeline definition where jenkins.definition_from_scm is true; else the one commit that the build checked out.',
    { source, spelling: 'commit' },
  ),
  sometimesByUser(
    'scm_branch',
    'string',
    'Full ref of that commit: refs/heads/… or refs/tags/…. Missing for pull requests and detached checkouts.',
    { source },
  ),
  sometimes(
    'definition_from_scm',
    'boolean',
    'True where the controller took the pipeline from that commit by itself (multibranch projects). Never false: missing where it does not say.',
    { source },
  ),
  sometimes(
    'other_checkouts',
    'list',
    'Other checkouts of the build, address@commit. Missing where there is none; shared libraries of the configuration do not count.',
    { source },
  ),
  sometimes(
    'causes',
    'list',
    'Java classes of what started the build, such as hudson.triggers.SCMTrigger$SCMTriggerCause.',
    {
      source,
    },
  ),
  sometimes('build_started', 'integer', 'When the build started, seconds since 1970.', { source }),
  sometimes('node', 'string', 'Agent of a job without a pipeline. Pipelines use several and have none here.', {
    source,
  }),
];
