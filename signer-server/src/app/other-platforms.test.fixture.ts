import { BITBUCKET_FIXTURES } from '@originsign/core/platforms/fixtures/bitbucket';
import { BUILDKITE_FIXTURES } from '@originsign/core/platforms/fixtures/buildkite';
import { CIRCLECI_FIXTURES } from '@originsign/core/platforms/fixtures/circleci';
import { FORGEJO_FIXTURES } from '@originsign/core/platforms/fixtures/forgejo';
import { GITHUB_FIXTURES } from '@originsign/core/platforms/fixtures/github';
import { GITLAB_FIXTURES, GITLAB_FORK_MERGE_REQUEST } from '@originsign/core/platforms/fixtures/gitlab';

type Claims = Readonly<Record<string, unknown>>;

/** A request that is refused, by what differs from the one that is allowed. */
export interface RefusedCase {
  readonly name: string;
  /** `status code`. */
  readonly outcome: string;
  readonly claims?: Claims;
  /** Audience of the token: that of another binding, or another text. */
  readonly audience?: 'request' | 'server' | 'other';
  /** Seconds that the token lives. */
  readonly lifetime?: number;
  /** Claims whose conditions fail, where policy says no. */
  readonly failed?: readonly string[];
}

/** One platform in front of the server. */
export interface PlatformCase {
  readonly type: string;
  /** Path of its issuer. */
  readonly path: string;
  readonly binding: 'audience' | 'proof';
  /** Repository that the project links, and its owner. */
  readonly repository: readonly [id: string, ownerId: string];
  /** Conditions of the one rule, YAML. */
  readonly when: string;
  readonly claims: Claims;
  readonly lifetime?: number;
  readonly refused: readonly RefusedCase[];
}

const UUID = '11111111-2222-4333-8444-555555555555';
const OIDC = 'oidc.circleci.com/';

const AUDIENCE_ALONE: readonly RefusedCase[] = [
  { name: 'with the audience of another binding', outcome: '401 token.audience', audience: 'server' },
  { name: 'with the audience of another service', outcome: '401 token.audience', audience: 'other' },
];
const PROOF_ALONE: readonly RefusedCase[] = [
  { name: 'with the audience of another binding', outcome: '401 token.audience', audience: 'request' },
  { name: 'with the audience of another service', outcome: '401 token.audience', audience: 'other' },
  { name: 'with a token that lives for two days', outcome: '401 token.time', lifetime: 172_800 },
];

const stranger = (claims: Claims): RefusedCase => ({
  name: 'for a repository that the project does not link',
  outcome: '403 project.unknown',
  claims,
});
const denied = (claim: string, claims: Claims, ...more: readonly string[]): RefusedCase => ({
  name: `where ${claim} is another one`,
  outcome: '403 policy.denied',
  claims,
  failed: [claim, ...more],
});

const GITLAB: PlatformCase = {
  type: 'gitlab',
  path: '/gitlab',
  binding: 'proof',
  repository: ['20', '72'],
  when: 'gitlab.ref_path: {glob: "refs/tags/v*"}, gitlab.ref_protected: {is: true}, gitlab.pipeline_source: {is: push}, gitlab.ci_config_path: {is: .gitlab-ci.yml}',
  claims: GITLAB_FIXTURES['gitlab-tag'] ?? {},
  lifetime: 3600,
  refused: [
    ...PROOF_ALONE,
    stranger({ project_id: '21', job_project_id: '21' }),
    { ...stranger({ namespace_id: '73', job_namespace_id: '73' }), name: 'for a project that moved to another group' },
    { name: 'for the merge request of a fork', outcome: '403 token.pull_request', claims: GITLAB_FORK_MERGE_REQUEST },
    {
      name: 'for a merge request in a version that names the project',
      outcome: '403 token.pull_request',
      claims: { pipeline_source: 'merge_request_event', job_project_id: null, job_namespace_id: null },
    },
    {
      name: 'for a file of the web',
      outcome: '401 token.claim_type',
      claims: { ci_config_ref_uri: 'https://a.example/b' },
    },
    denied('gitlab.ref_protected', { ref_protected: 'false' }),
    denied('gitlab.ref_path', { ref_path: 'refs/heads/main' }),
    denied('gitlab.pipeline_source', { pipeline_source: 'trigger' }),
    denied('gitlab.ci_config_project', {
      ci_config_ref_uri: 'gitlab.acme.example/stranger/app//.gitlab-ci.yml@refs/tags/v1.4.0',
    }),
  ],
};

const FORGEJO: PlatformCase = {
  type: 'forgejo',
  path: '/forge/api/actions',
  binding: 'audience',
  repository: ['34', '12'],
  when: 'forgejo.ref: {glob: "refs/tags/v*"}, forgejo.event_name: {is: push}, forgejo.workflow_path: {is: .forgejo/workflows/release.yml}',
  claims: FORGEJO_FIXTURES['forgejo-tag'] ?? {},
  lifetime: 3600,
  refused: [
    ...AUDIENCE_ALONE,
    stranger({ repository_id: '35' }),
    {
      name: 'for a version whose tokens have no ids',
      outcome: '401 token.claim_missing',
      claims: { repository_id: undefined, repository_owner_id: undefined },
    },
    denied('forgejo.event_name', { event_name: 'pull_request_target' }),
    denied('forgejo.run_attempt', { run_attempt: '2' }),
    denied('forgejo.workflow_path', { workflow_ref: 'acme/app/.forgejo/workflows/evil.yml@refs/tags/v1.4.0' }),
    denied('forgejo.workflow_repository', {
      workflow_ref: 'stranger/app/.forgejo/workflows/release.yml@refs/tags/v1.4.0',
    }),
  ],
};

const BUILDKITE: PlatformCase = {
  type: 'buildkite',
  path: '/buildkite',
  binding: 'audience',
  repository: ['0184990a-4782-42b5-afc1-16715b10b110', '0184990a-477b-4fa8-9968-496074483c77'],
  when: 'buildkite.ref: {glob: "refs/tags/v*"}, buildkite.build_source: {is: webhook}, buildkite.step_key: {is: sign}',
  claims: BUILDKITE_FIXTURES['buildkite-tag'] ?? {},
  refused: [
    ...AUDIENCE_ALONE,
    { ...stranger({ organization_id: UUID }), name: 'for another organization of the one issuer' },
    stranger({ pipeline_id: UUID }),
    { name: 'for a token without ids', outcome: '401 token.claim_missing', claims: { organization_id: undefined } },
    denied('buildkite.build_source', { build_source: 'ui' }),
    denied('buildkite.step_key', { step_key: null }),
    denied('buildkite.ref', { build_tag: null }),
  ],
};

const CIRCLECI: PlatformCase = {
  type: 'circleci',
  path: '/circleci/org/c9035eb6-6eb2-4c85-8a81-d9ed6a1d1d1e',
  binding: 'audience',
  repository: ['3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c', 'c9035eb6-6eb2-4c85-8a81-d9ed6a1d1d1e'],
  when: 'circleci.vcs-ref: {glob: "refs/tags/v*"}, circleci.vcs-origin: {is: github.com/acme/app}, circleci.pipeline-definition-id: {is: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d}, circleci.context-ids: {is: 7b6a5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d}',
  claims: CIRCLECI_FIXTURES['circleci-tag'] ?? {},
  lifetime: 3600,
  refused: [
    ...AUDIENCE_ALONE,
    stranger({ [`${OIDC}project-id`]: UUID }),
    { name: 'for a job with a shell', outcome: '403 token.interactive', claims: { [`${OIDC}ssh-rerun`]: true } },
    {
      name: 'for another organization than its issuer’s',
      outcome: '401 token.origin',
      claims: { [`${OIDC}org-id`]: UUID },
    },
    {
      name: 'for the pull request of a fork',
      outcome: '403 token.pull_request',
      claims: { [`${OIDC}vcs-ref`]: 'refs/heads/pull/17', [`${OIDC}vcs-origin`]: 'github.com/stranger/app' },
    },
    denied('circleci.vcs-ref', { [`${OIDC}vcs-ref`]: 'refs/heads/main' }),
    denied('circleci.context-ids', { [`${OIDC}context-ids`]: [UUID] }),
    denied('circleci.pipeline-definition-id', { [`${OIDC}pipeline-definition-id`]: UUID }),
  ],
};

const BITBUCKET: PlatformCase = {
  type: 'bitbucket',
  path: '/bitbucket',
  binding: 'proof',
  repository: ['{b3c1a2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d}', '{c4d5e6f7-0819-4a2b-8c3d-4e5f60718293}'],
  when: 'bitbucket.branchName: {is: main}, bitbucket.deploymentEnvironmentUuid: {is: "{2f3e4d5c-6b7a-4890-91a2-b3c4d5e6f708}"}',
  claims: BITBUCKET_FIXTURES['bitbucket-deployment'] ?? {},
  lifetime: 7200,
  refused: [
    ...PROOF_ALONE,
    stranger({ repositoryUuid: `{${UUID}}` }),
    { ...stranger({ workspaceUuid: `{${UUID}}` }), name: 'for a repository that moved to another workspace' },
    { name: 'for ids without braces', outcome: '401 token.claim_type', claims: { repositoryUuid: UUID } },
    denied('bitbucket.branchName', { branchName: 'feature' }),
    denied('bitbucket.branchName', { branchName: undefined }),
    denied('bitbucket.deploymentEnvironmentUuid', { deploymentEnvironmentUuid: undefined }),
  ],
};

/** An enterprise whose tokens carry its name in the issuer. */
const GITHUB_ENTERPRISE: PlatformCase = {
  type: 'github-actions',
  path: '/acme-corp',
  binding: 'audience',
  repository: ['771245825', '145685596'],
  when: 'github.ref: {glob: "refs/tags/v*"}, github.event_name: {is: push}, github.workflow_path: {is: .github/workflows/release.yml}, github.enterprise_id: {is: "2"}',
  claims: GITHUB_FIXTURES['github-enterprise'],
  refused: [
    ...AUDIENCE_ALONE,
    stranger({ repository_id: '771245826' }),
    denied('github.enterprise_id', { enterprise_id: '3' }),
    denied('github.ref', { ref: 'refs/heads/main' }),
  ],
};

/** Every platform that has no test of its own. */
export const PLATFORM_CASES: readonly PlatformCase[] = [
  GITLAB,
  FORGEJO,
  BUILDKITE,
  CIRCLECI,
  BITBUCKET,
  GITHUB_ENTERPRISE,
];
