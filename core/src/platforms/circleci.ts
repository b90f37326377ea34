import { isJsonObject } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';
import { checkCircleciRule } from './circleci-rules.ts';
import { type ClaimSchema, type Claims, missingClaim, parseTypedClaims } from './claim-schema.ts';
import { always, alwaysByUser, sometimes } from './claim-table.ts';
import { optionalText, requiredText } from './claim-text.ts';
import { isLocalHost } from './local-host.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';

/** What the names of its claims begin with in tokens, and not in policies. */
const NAMESPACE = 'oidc.circleci.com/';

/** Claims of CircleCI's identity tokens that policies may use. Source: circleci.com/docs, "Using OpenID Connect tokens in jobs". */
const CIRCLECI_CLAIMS: readonly ClaimSchema[] = [
  always('org-id', 'string', 'Immutable id of the organization.', { spelling: 'uuid' }),
  always('project-id', 'string', 'Immutable id of the project.', { spelling: 'uuid' }),
  always(
    'pipeline-definition-id',
    'string',
    'Immutable id of the pipeline definition: which configuration of which repository runs.',
    {
      spelling: 'uuid',
    },
  ),
  sometimes(
    'vcs-origin',
    'string',
    'Repository that is built, such as github.com/acme/app; for pull requests from forks, the fork.',
  ),
  sometimes('vcs-ref', 'string', 'Full ref that started the pipeline. Missing where a custom webhook did.'),
  sometimes('context-ids', 'list', 'Ids of the contexts that the job was let use.', { spelling: 'uuid' }),
  always('ssh-rerun', 'boolean', 'Whether somebody can open a shell in the job. Such tokens are refused.'),
  alwaysByUser('pipeline-id', 'string', 'Id of the pipeline.', { spelling: 'uuid' }),
  alwaysByUser('workflow-id', 'string', 'Id of the workflow. A workflow that is run again has a new one.', {
    spelling: 'uuid',
  }),
  alwaysByUser('job-id', 'string', 'Id of the job.', { spelling: 'uuid' }),
];

/** CircleCI. Its tokens name no commit, and somebody may be logged in to a job, which they do say. */
export const CIRCLECI: Platform = {
  type: 'circleci',
  prefix: 'circleci',
  binding: 'audience',
  algorithms: ['RS256'],
  maxTokenLifetime: 65 * 60,
  maxTokenAge: 10 * 60,
  hasJti: false,
  claims: CIRCLECI_CLAIMS,
  unusableClaims: {
    sub: 'it names the account that started the pipeline; the ids and vcs-ref say the rest',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'circleci.project-id', ownerId: 'circleci.org-id', match: 'exact' },
  parseClaims: (payload) => parseTypedClaims(withoutNamespace(payload), 'circleci', CIRCLECI_CLAIMS),
  origin: circleciOrigin,
  sampleClaims: ({ issuer }) => {
    const organization = organizationOf(issuer);
    return organization === undefined ? {} : { 'circleci.org-id': organization };
  },
  checkIssuer: ({ issuer }) =>
    issuer === 'https://oidc.circleci.com' || organizationOf(issuer) !== undefined || isLocal(issuer)
      ? undefined
      : 'the issuer is neither https://oidc.circleci.com nor ends in /org/ and the id of the organization',
  checkRule: checkCircleciRule,
};

function withoutNamespace(payload: unknown): unknown {
  if (!isJsonObject(payload)) return payload;
  const own = Object.entries(payload).filter(([name, value]) => name.startsWith(NAMESPACE) && value !== null);
  return Object.fromEntries(own.map(([name, value]) => [name.slice(NAMESPACE.length), value]));
}

/** The organization that an issuer stands for; the common issuer stands for none. */
function organizationOf(issuer: string): string | undefined {
  return /\/org\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(issuer)?.[1];
}

function isLocal(issuer: string): boolean {
  return URL.canParse(issuer) && isLocalHost(new URL(issuer).hostname);
}

function circleciOrigin(claims: Claims, { id, issuer, serverUrl = 'https://circleci.com' }: SystemIdentity): Origin {
  const text = (name: string): string => requiredText(claims, 'circleci', name);
  const isShell = claims['circleci.ssh-rerun'];
  if (isShell === undefined) throw missingClaim('ssh-rerun');
  if (isShell !== false) {
    throw new OriginSignError('token.interactive', 'Somebody can be logged in to the job: it was run again with SSH.');
  }
  if (![undefined, text('org-id')].includes(organizationOf(issuer))) {
    throw new OriginSignError('token.origin', 'The token names another organization than its issuer.');
  }
  const ref = claims['circleci.vcs-ref'];
  if (typeof ref === 'string' && /^refs\/(?:heads\/)?pull\//.test(ref)) {
    throw new OriginSignError(
      'token.pull_request',
      'The pipeline builds a pull request from a fork, whose commits are not reviewed yet.',
    );
  }
  const project = `${serverUrl}/api/v2/projects/${text('project-id')}`;
  const source = claims['circleci.vcs-origin'];
  const definition = `pipeline-definitions/${text('pipeline-definition-id')}`;
  return {
    platform: 'circleci',
    system: id,
    repository: {
      uri: typeof source === 'string' ? `https://${source}` : project,
      id: text('project-id'),
      ownerId: text('org-id'),
    },
    ...optionalText('ref', claims, 'circleci', 'vcs-ref'),
    workflow: { uri: `${project}/${definition}`, path: definition },
    run: { id: text('pipeline-id'), uri: `${serverUrl}/api/v2/pipeline/${text('pipeline-id')}` },
  };
}
