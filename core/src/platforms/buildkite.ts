import { BUILDKITE_SOURCES, checkBuildkiteRule } from './buildkite-rules.ts';
import { type ClaimSchema, type Claims, parseTypedClaims } from './claim-schema.ts';
import { always, alwaysByUser, sometimes } from './claim-table.ts';
import { optionalText, requiredText } from './claim-text.ts';
import { isLocalHost } from './local-host.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';
import { presentClaims } from './present-claims.ts';

const ISSUER = 'https://agent.buildkite.com';

/**
 * Claims of Buildkite's identity tokens that policies may use. The two ids are in a token only where they were asked for, which
 * the client does. Source: buildkite.com/docs, "buildkite-agent oidc".
 */
const BUILDKITE_CLAIMS: readonly ClaimSchema[] = [
  always('organization_id', 'string', 'Immutable id of the organization. All organizations share one issuer.', {
    spelling: 'uuid',
  }),
  always('organization_slug', 'string', 'Name of the organization in addresses. Names can change: use the id.'),
  always('pipeline_id', 'string', 'Immutable id of the pipeline.', { spelling: 'uuid' }),
  always('pipeline_slug', 'string', 'Name of the pipeline in addresses. Names can change: use the id.'),
  alwaysByUser('build_number', 'integer', 'Number of the build within its pipeline.'),
  always(
    'ref',
    'string',
    'refs/tags/… for the build of a tag, else refs/heads/… of the branch that the build was started for.',
    {
      derivedFrom: 'build_branch',
    },
  ),
  always(
    'build_branch',
    'string',
    'Branch that the build was started for; for a tag, what started the build says here.',
  ),
  sometimes('build_tag', 'string', 'Tag that the build was started for.'),
  always('build_commit', 'string', 'Commit that the build was started for; HEAD where nobody named one.'),
  sometimes('build_source', 'string', 'What started the build.', { values: BUILDKITE_SOURCES }),
  sometimes('step_key', 'string', 'Key of the step in the pipeline.'),
  sometimes('runner_environment', 'string', 'Kind of agent.', { values: ['buildkite-hosted', 'self-hosted'] }),
  alwaysByUser('job_id', 'string', 'Id of the job.', { spelling: 'uuid' }),
  sometimes('agent_id', 'string', 'Id of the agent.', { spelling: 'uuid' }),
];

/** Buildkite. One issuer signs for every organization, so the ids alone tell them apart. */
export const BUILDKITE: Platform = {
  type: 'buildkite',
  prefix: 'buildkite',
  binding: 'audience',
  algorithms: ['RS256'],
  maxTokenLifetime: 15 * 60,
  maxTokenAge: 10 * 60,
  hasJti: true,
  claims: BUILDKITE_CLAIMS,
  unusableClaims: {
    sub: 'it holds names, which can change hands; the ids and ref say what it says',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
    jti: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'buildkite.pipeline_id', ownerId: 'buildkite.organization_id', match: 'exact' },
  parseClaims: parseBuildkiteClaims,
  origin: buildkiteOrigin,
  checkIssuer: ({ issuer }) =>
    issuer === ISSUER || (URL.canParse(issuer) && isLocalHost(new URL(issuer).hostname))
      ? undefined
      : `the issuer of Buildkite is ${ISSUER}`,
  checkRule: checkBuildkiteRule,
};

function parseBuildkiteClaims(payload: unknown): Claims {
  const claims = parseTypedClaims(presentClaims(payload), 'buildkite', BUILDKITE_CLAIMS);
  const tag = claims['buildkite.build_tag'];
  const ref =
    typeof tag === 'string' ? `refs/tags/${tag}` : `refs/heads/${requiredText(claims, 'buildkite', 'build_branch')}`;
  return { ...claims, 'buildkite.ref': ref };
}

/** Tokens name no repository, so a pipeline is one. */
function buildkiteOrigin(claims: Claims, { id, serverUrl = 'https://buildkite.com' }: SystemIdentity): Origin {
  const text = (name: string): string => requiredText(claims, 'buildkite', name);
  const pipeline = `${serverUrl}/${text('organization_slug')}/${text('pipeline_slug')}`;
  const number = String(claims['buildkite.build_number']);
  const commit = text('build_commit');
  return {
    platform: 'buildkite',
    system: id,
    repository: { uri: pipeline, id: text('pipeline_id'), ownerId: text('organization_id') },
    ...(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? { commit } : {}),
    ref: text('ref'),
    workflow: { uri: pipeline, path: text('pipeline_slug') },
    run: { id: number, uri: `${pipeline}/builds/${number}` },
    ...optionalText('trigger', claims, 'buildkite', 'build_source'),
    ...optionalText('runner', claims, 'buildkite', 'runner_environment'),
  };
}
