import { OriginSignError } from '../errors/error.ts';
import { AZURE_CLAIMS } from './azure-claims.ts';
import { checkAzureRule } from './azure-rules.ts';
import { AZURE_AUDIENCE, AZURE_SERVICE_CONNECTION } from './azure-service-connection.ts';
import { type Claims, parseStringClaims } from './claim-schema.ts';
import { optionalText, requiredText } from './claim-text.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Azure Pipelines. One key set signs the tokens of every organization, so the exact issuer is the only thing that tells them
 * apart. The audience is the one of Azure's token exchange, for which other services take tokens too: a token alone proves
 * little, and a rule needs a service connection or a client certificate beside it.
 */
export const AZURE_DEVOPS: Platform = {
  type: 'azure-devops',
  prefix: 'azure',
  binding: 'proof',
  algorithms: ['RS256'],
  maxTokenLifetime: 15 * 60,
  maxTokenAge: 10 * 60,
  hasJti: true,
  fixedAudience: AZURE_AUDIENCE,
  serviceConnection: AZURE_SERVICE_CONNECTION,
  claims: AZURE_CLAIMS,
  unusableClaims: {
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
    jti: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'azure.rpo_id', ownerId: 'azure.prj_id', match: 'exact' },
  parseClaims: (payload) => parseStringClaims(payload, 'azure', AZURE_CLAIMS),
  origin: azureOrigin,
  sampleClaims: ({ issuer }) => ({ 'azure.org_id': organizationOf(issuer) ?? '' }),
  checkIssuer: ({ issuer }) =>
    organizationOf(issuer) === undefined ? 'the issuer must end in the GUID of the organization' : undefined,
  checkRule: checkAzureRule,
};

/** The organization that an issuer stands for: the GUID that is the whole of its path. */
function organizationOf(issuer: string): string | undefined {
  const path = URL.canParse(issuer) ? new URL(issuer).pathname.slice(1) : '';
  return UUID.test(path) ? path : undefined;
}

function azureOrigin(claims: Claims, system: SystemIdentity): Origin {
  const text = (name: string): string => requiredText(claims, 'azure', name);
  const ref = text('rpo_ref');
  if (text('org_id') !== organizationOf(system.issuer)) {
    throw new OriginSignError('token.origin', 'The token names another organization than its issuer.');
  }
  if (ref.startsWith('refs/pull/')) {
    throw new OriginSignError(
      'token.pull_request',
      'The run builds a pull request, whose commits are not reviewed yet.',
    );
  }
  const builds = `${serverOf(claims, system)}/${text('prj_id')}/_build`;
  const definition = `?definitionId=${text('def_id')}`;
  return {
    platform: 'azure-devops',
    system: system.id,
    repository: { uri: text('rpo_uri'), id: text('rpo_id'), ownerId: text('prj_id') },
    commit: text('rpo_ver'),
    ref,
    workflow: { uri: `${builds}${definition}`, path: `_build${definition}` },
    run: { id: text('run_id'), uri: `${builds}/results?buildId=${text('run_id')}` },
    ...optionalText('trigger', claims, 'azure', 'reason'),
    ...optionalText('runner', claims, 'azure', 'agent_pool'),
  };
}

/** Links only: the name of an organization can change hands, its id, which the rules look at, cannot. */
function serverOf(claims: Claims, { serverUrl }: SystemIdentity): string {
  if (serverUrl !== undefined) return serverUrl;
  const organization = /^p:\/\/([A-Za-z0-9][A-Za-z0-9-]{0,63})\/./.exec(requiredText(claims, 'azure', 'sub'))?.[1];
  if (organization === undefined) {
    throw new OriginSignError('token.origin', 'The subject of the token is not that of a pipeline.', {
      hint: 'send the token that the job gets without a service connection; the one of a connection goes beside it',
    });
  }
  return `https://dev.azure.com/${organization}`;
}
