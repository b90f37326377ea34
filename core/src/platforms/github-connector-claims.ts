import type { ClaimSchema } from './claim-schema.ts';
import { sometimes } from './claim-table.ts';

const source = 'connector';

/**
 * Claims that GitHub's REST API brings: facts about the run that the token is of, and what the rules of its branch demand,
 * those of rulesets and of classic branch protection taken together. For tags there are no rules.
 */
export const GITHUB_CONNECTOR_CLAIMS: readonly ClaimSchema[] = [
  sometimes('run_status', 'string', 'State of the run. Runs that are over are refused before any policy.', {
    source,
    values: ['in_progress', 'queued', 'waiting', 'pending'],
  }),
  sometimes('runner_groups', 'list', 'Groups of the runners that have taken jobs of this attempt so far.', { source }),
  sometimes('runner_group', 'string', 'The one group of all those runners; missing where there are several.', {
    source,
  }),
  sometimes('requires_pull_request', 'boolean', 'Whether changes reach the branch through pull requests alone.', {
    source,
  }),
  sometimes('required_approvals', 'integer', 'Approvals that a pull request needs; 0 where none is needed.', {
    source,
  }),
  sometimes('requires_code_owner_review', 'boolean', 'Whether code owners must approve.', { source }),
  sometimes('dismisses_stale_reviews', 'boolean', 'Whether new commits take earlier approvals away.', { source }),
  sometimes('requires_last_push_approval', 'boolean', 'Whether somebody else must approve the last push.', { source }),
  sometimes('blocks_force_pushes', 'boolean', 'Whether the history of the branch cannot be rewritten.', { source }),
  sometimes('requires_signed_commits', 'boolean', 'Whether commits must be signed.', { source }),
  sometimes('requires_linear_history', 'boolean', 'Whether merge commits are kept out.', { source }),
  sometimes('requires_status_checks', 'list', 'Status checks that must pass. Missing where there is none.', { source }),
  sometimes(
    'protection_binds_admins',
    'boolean',
    'Whether classic branch protection holds for administrators too. Missing where there is none; GitHub does not tell who may bypass a ruleset.',
    { source },
  ),
];
