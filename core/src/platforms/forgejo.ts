import { type ClaimSchema, type Claims, parseStringClaims } from './claim-schema.ts';
import { always, alwaysByUser, sometimes, sometimesByUser } from './claim-table.ts';
import { optionalText, requiredText } from './claim-text.ts';
import { checkForgejoRule } from './forgejo-rules.ts';
import { GITHUB_EVENTS } from './github-events.ts';
import { parseWorkflowRef, workflowRefText } from './github-workflow-ref.ts';
import { isLocalHost } from './local-host.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';

const derivedFrom = 'workflow_ref';

/**
 * Claims of Forgejo's identity tokens that policies may use: fewer than GitHub's, of which they take the names. The ids came
 * in 2026, and tokens of versions without them are refused. Source: forgejo.org/docs, "Security OpenID Connect".
 */
const FORGEJO_CLAIMS: readonly ClaimSchema[] = [
  always(
    'repository',
    'string',
    'Repository that the run belongs to, owner/name. Names can be re-registered: pin the ids.',
    {
      spelling: 'repository',
    },
  ),
  always('repository_id', 'string', 'Immutable id of the repository.', { spelling: 'digits' }),
  sometimes('repository_owner', 'string', 'Owner of the repository. Names can be re-registered: pin the id.'),
  always('repository_owner_id', 'string', 'Immutable id of the owner.', { spelling: 'digits' }),
  always('ref', 'string', 'Full ref that started the run: refs/heads/… or refs/tags/….'),
  sometimes('ref_type', 'string', 'Kind of ref.', { values: ['branch', 'tag'] }),
  sometimes('ref_protected', 'boolean', 'Whether branch protection covers the ref.'),
  always('sha', 'string', 'Commit that started the run. The job may have checked out another one.', {
    spelling: 'commit',
  }),
  sometimesByUser('head_ref', 'string', 'Source branch of a pull request.'),
  sometimesByUser('base_ref', 'string', 'Target branch of a pull request.'),
  always('event_name', 'string', 'Event that started the run.', { values: GITHUB_EVENTS }),
  sometimesByUser('workflow', 'string', 'Name of the workflow: text in its file.'),
  always('workflow_repository', 'string', 'Repository of the workflow, owner/name.', {
    spelling: 'repository',
    derivedFrom,
  }),
  always('workflow_path', 'string', 'Path of the workflow.', { derivedFrom }),
  always('workflow_ref', 'string', 'Ref or commit of the workflow: what follows the @ of the claim in the token.', {
    derivedFrom,
  }),
  sometimesByUser('actor', 'string', 'Account that started the run.'),
  sometimesByUser('actor_id', 'string', 'Immutable id of that account.', { spelling: 'digits' }),
  alwaysByUser('run_id', 'string', 'Id of the run.', { spelling: 'digits' }),
  sometimesByUser('run_number', 'integer', 'Number of the run within its repository.'),
  alwaysByUser('run_attempt', 'integer', 'Attempt of the run, from 1.'),
];

/** Forgejo Actions. Jobs ask for tokens as on GitHub; there are no tokens for pull requests of forks. */
export const FORGEJO: Platform = {
  type: 'forgejo',
  prefix: 'forgejo',
  binding: 'audience',
  algorithms: ['RS256'],
  maxTokenLifetime: 65 * 60,
  maxTokenAge: 10 * 60,
  // The documentation names none.
  hasJti: false,
  claims: FORGEJO_CLAIMS,
  unusableClaims: {
    sub: 'its form differs between repositories; the ids, ref and workflow say what it says',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'forgejo.repository_id', ownerId: 'forgejo.repository_owner_id', match: 'exact' },
  attemptClaim: 'forgejo.run_attempt',
  workflowClaims: {
    path: 'forgejo.workflow_path',
    repository: 'forgejo.workflow_repository',
    own: 'forgejo.repository',
  },
  parseClaims: parseForgejoClaims,
  origin: forgejoOrigin,
  checkIssuer: (system) =>
    instanceOf(system) === undefined
      ? 'the issuer must end in /api/actions, or serverUrl must say where the instance is'
      : undefined,
  checkRule: checkForgejoRule,
};

const WORKFLOW = always('workflow_ref', 'string', 'Address of the workflow.');
const WORKFLOW_FILE = /^([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)\/(\.(?:forgejo|gitea|github)\/workflows\/[^/]+\.ya?ml)$/;

function parseForgejoClaims(payload: unknown): Claims {
  const claims = parseStringClaims(payload, 'forgejo', FORGEJO_CLAIMS);
  const text = requiredText(parseStringClaims(payload, 'forgejo', [WORKFLOW]), 'forgejo', WORKFLOW.name);
  const { repository, path, ref } = parseWorkflowRef(text, WORKFLOW.name, WORKFLOW_FILE);
  return {
    ...claims,
    'forgejo.workflow_repository': repository,
    'forgejo.workflow_path': path,
    'forgejo.workflow_ref': ref,
  };
}

/** Web address of the instance: what precedes `/api/actions` in its issuer. */
function instanceOf({ issuer, serverUrl }: SystemIdentity): string | undefined {
  if (serverUrl !== undefined) return serverUrl;
  if (issuer.endsWith('/api/actions')) return issuer.slice(0, -'/api/actions'.length);
  return URL.canParse(issuer) && isLocalHost(new URL(issuer).hostname) ? issuer : undefined;
}

function forgejoOrigin(claims: Claims, system: SystemIdentity): Origin {
  const instance = instanceOf(system);
  if (instance === undefined) throw new TypeError('The system was loaded without checkIssuer.');
  const text = (name: string): string => requiredText(claims, 'forgejo', name);
  const repository = `${instance}/${text('repository')}`;
  const workflow = { repository: text('workflow_repository'), path: text('workflow_path'), ref: text('workflow_ref') };
  return {
    platform: 'forgejo',
    system: system.id,
    repository: { uri: repository, id: text('repository_id'), ownerId: text('repository_owner_id') },
    commit: text('sha'),
    ref: text('ref'),
    workflow: { uri: `${instance}/${workflowRefText(workflow)}`, path: workflow.path, ref: workflow.ref },
    run: {
      id: text('run_id'),
      attempt: Number(claims['forgejo.run_attempt']),
      uri: `${repository}/actions/runs/${text('run_id')}`,
    },
    trigger: text('event_name'),
    ...optionalText('actor', claims, 'forgejo', 'actor'),
    ...optionalText('actorId', claims, 'forgejo', 'actor_id'),
  };
}
