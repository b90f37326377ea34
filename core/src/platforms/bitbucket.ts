import { type ClaimSchema, type Claims, parseTypedClaims } from './claim-schema.ts';
import { always, alwaysByUser, sometimes } from './claim-table.ts';
import { requiredText } from './claim-text.ts';
import { isLocalHost } from './local-host.ts';
import type { Origin } from './origin.ts';
import { conditionsOn, isExact, operandTexts } from './platform-rules.ts';
import type { Platform, RuleProblem, RuleView, SystemIdentity } from './platform.ts';
import { presentClaims } from './present-claims.ts';

const DAY = 24 * 60 * 60;
const spelling = 'braced-uuid';

/** Claims of the identity tokens of Bitbucket Pipelines that policies may use. Source: support.atlassian.com, "Integrate Pipelines with resource servers using OIDC". */
const BITBUCKET_CLAIMS: readonly ClaimSchema[] = [
  always('workspaceUuid', 'string', 'Immutable id of the workspace, in braces.', { spelling }),
  always('repositoryUuid', 'string', 'Immutable id of the repository, in braces.', { spelling }),
  sometimes('branchName', 'string', 'Branch of the build; for pull requests the source branch. Missing for tags.'),
  sometimes('deploymentEnvironmentUuid', 'string', 'Id of the deployment environment of the step, in braces.', {
    spelling,
  }),
  alwaysByUser('pipelineUuid', 'string', 'Id of the pipeline run, in braces.', { spelling }),
  alwaysByUser('stepUuid', 'string', 'Id of the step, in braces.', { spelling }),
];

/**
 * Bitbucket Pipelines. The audience stands in the pipeline file, a step has one token for its whole life, and the token names
 * neither a commit nor what started the build.
 */
export const BITBUCKET: Platform = {
  type: 'bitbucket',
  prefix: 'bitbucket',
  binding: 'proof',
  algorithms: ['RS256'],
  maxTokenLifetime: DAY,
  maxTokenAge: DAY,
  requestsPerToken: 16,
  hasJti: false,
  claims: BITBUCKET_CLAIMS,
  unusableClaims: {
    sub: 'the ids in it are claims of their own',
    accountUuid: 'it is the owner of the workspace: use workspaceUuid',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'bitbucket.repositoryUuid', ownerId: 'bitbucket.workspaceUuid', match: 'exact' },
  parseClaims: (payload) => parseTypedClaims(presentClaims(payload), 'bitbucket', BITBUCKET_CLAIMS),
  origin: bitbucketOrigin,
  checkIssuer: ({ issuer }) =>
    /^https:\/\/api\.bitbucket\.org\/2\.0\/workspaces\/[A-Za-z0-9_-]+\/pipelines-config\/identity\/oidc$/.test(
      issuer,
    ) ||
    (URL.canParse(issuer) && isLocalHost(new URL(issuer).hostname))
      ? undefined
      : 'the issuer must be https://api.bitbucket.org/2.0/workspaces/<workspace>/pipelines-config/identity/oidc',
  checkRule: checkBitbucketRule,
};

function bitbucketOrigin(claims: Claims, { id, serverUrl = 'https://bitbucket.org' }: SystemIdentity): Origin {
  const text = (name: string): string => requiredText(claims, 'bitbucket', name);
  const [workspace, repository, run] = ['workspaceUuid', 'repositoryUuid', 'pipelineUuid'].map(text);
  const uri = `${serverUrl}/${encodeURIComponent(workspace ?? '')}/${encodeURIComponent(repository ?? '')}`;
  const branch = claims['bitbucket.branchName'];
  return {
    platform: 'bitbucket',
    system: id,
    repository: { uri, id: text('repositoryUuid'), ownerId: text('workspaceUuid') },
    ...(typeof branch === 'string' ? { ref: `refs/heads/${branch}` } : {}),
    // The platform reads pipelines from this file of the branch and from no other.
    workflow: { uri: `${uri}/pipelines`, path: 'bitbucket-pipelines.yml' },
    run: { id: text('pipelineUuid'), uri: `${uri}/pipelines/results/${encodeURIComponent(run ?? '')}` },
    ...environmentOf(claims),
  };
}

function environmentOf(claims: Claims): { readonly environment?: string } {
  const environment = claims['bitbucket.deploymentEnvironmentUuid'];
  return typeof environment === 'string' ? { environment } : {};
}

/**
 * Load rule for allow rules on Bitbucket. Repository and workspace are pinned by the ids that the project links. Whoever pushes
 * a branch writes its pipeline file, so a rule must also pin the branch, or a deployment environment, whose settings say which
 * branches may use it.
 */
function checkBitbucketRule(rule: RuleView): readonly RuleProblem[] {
  const branches = conditionsOn(rule, 'bitbucket.branchName');
  const environments = conditionsOn(rule, 'bitbucket.deploymentEnvironmentUuid');
  const refs = branches.filter(({ expected }) => JSON.stringify(expected).includes('"refs/'));
  if (refs.length > 0) {
    return [
      { claim: 'bitbucket.branchName', message: 'bitbucket.branchName is a short name', hint: 'leave out refs/heads/' },
    ];
  }
  const isPinned = (condition: (typeof branches)[number]): boolean =>
    isExact(condition) ||
    (condition.operator === 'glob' && operandTexts(condition).every((glob) => !/^[*/]+$/.test(glob)));
  if (branches.some(isPinned) || environments.some(isExact)) return [];
  return [
    {
      message: 'the rule names neither a branch nor a deployment environment, so every branch could sign',
      hint: 'add bitbucket.branchName: {is: main}, or bitbucket.deploymentEnvironmentUuid: {is: "{…}"} of an environment that only some branches may use',
    },
  ];
}
