import type { ClaimSchema } from './claim-schema.ts';
import { sometimes, sometimesByUser } from './claim-table.ts';

const source = 'connector';

/** Claims that the REST API of Azure DevOps brings: facts about the run that the pipeline token is of. */
export const AZURE_CONNECTOR_CLAIMS: readonly ClaimSchema[] = [
  sometimesByUser('reason', 'string', 'What started the run.', {
    source,
    values: [
      'manual',
      'individualCI',
      'batchedCI',
      'schedule',
      'scheduleForced',
      'userCreated',
      'validateShelveset',
      'checkInShelveset',
      'pullRequest',
      'buildCompletion',
      'resourceTrigger',
      'triggered',
    ],
  }),
  sometimes('build_state', 'string', 'State of the run. Runs that are not in progress are refused before any policy.', {
    source,
    values: ['inProgress'],
  }),
  sometimes('is_fork', 'boolean', 'Whether the run builds a pull request from a fork.', { source }),
  sometimes('definition_name', 'string', 'Name of the pipeline. Names can be changed: pin azure.def_id.', { source }),
  sometimes(
    'definition_revision',
    'integer',
    'Revision of the settings of the pipeline, from 1; its YAML is not in it.',
    {
      source,
    },
  ),
  sometimes('repository_type', 'string', 'Kind of repository, such as TfsGit for Azure Repos or GitHub.', { source }),
  sometimes('agent_pools', 'list', 'Pools of the agents that have taken jobs of the run so far.', { source }),
  sometimes('agent_pool', 'string', 'The one pool of all those agents; missing where there are several.', { source }),
  sometimes('pool_is_hosted', 'boolean', 'True where Microsoft hosts every one of those pools.', { source }),
];
