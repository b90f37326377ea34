import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { BITBUCKET } from './bitbucket.ts';
import { BITBUCKET_FIXTURES, type BitbucketPayload } from './fixtures/bitbucket.ts';

const ISSUER = 'https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc';
const SYSTEM = { id: 'bitbucket', issuer: ISSUER };
const DEPLOYMENT: BitbucketPayload = BITBUCKET_FIXTURES['bitbucket-deployment'] ?? {};
const claimsOf = (changes: Readonly<Record<string, unknown>> = {}) =>
  BITBUCKET.parseClaims({ ...DEPLOYMENT, ...changes });
const REQUIRED = BITBUCKET.claims.filter(({ required }) => required).map(({ name }) => name);

describe('claims of Bitbucket', () => {
  it('keep the braces of the platform', () => {
    expect(claimsOf()).toEqual({
      'bitbucket.workspaceUuid': '{c4d5e6f7-0819-4a2b-8c3d-4e5f60718293}',
      'bitbucket.repositoryUuid': '{b3c1a2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d}',
      'bitbucket.branchName': 'main',
      'bitbucket.deploymentEnvironmentUuid': '{2f3e4d5c-6b7a-4890-91a2-b3c4d5e6f708}',
      'bitbucket.pipelineUuid': '{0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f}',
      'bitbucket.stepUuid': '{7d8e9f0a-1b2c-4d3e-8f4a-5b6c7d8e9f0a}',
    });
  });

  it.each(REQUIRED)('are refused without %s', (name) => {
    for (const nothing of [undefined, null, '']) {
      expect(codeOf(() => claimsOf({ [name]: nothing }))).toBe('token.claim_missing');
    }
  });

  it.each([
    ['repositoryUuid', 'b3c1a2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d'],
    ['repositoryUuid', '{B3C1A2D4-5E6F-4A7B-8C9D-0E1F2A3B4C5D}'],
    ['workspaceUuid', 'acme'],
    ['deploymentEnvironmentUuid', 'production'],
    ['branchName', 7],
    ['branchName', 'a\u0000b'],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });
});

describe('the origin of a pipeline of Bitbucket', () => {
  const URI =
    'https://bitbucket.org/%7Bc4d5e6f7-0819-4a2b-8c3d-4e5f60718293%7D/%7Bb3c1a2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d%7D';

  it('has no commit and nothing that started it', () => {
    expect(BITBUCKET.origin(claimsOf(), SYSTEM)).toEqual({
      platform: 'bitbucket',
      system: 'bitbucket',
      repository: {
        uri: URI,
        id: '{b3c1a2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d}',
        ownerId: '{c4d5e6f7-0819-4a2b-8c3d-4e5f60718293}',
      },
      ref: 'refs/heads/main',
      workflow: { uri: `${URI}/pipelines`, path: 'bitbucket-pipelines.yml' },
      run: {
        id: '{0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f}',
        uri: `${URI}/pipelines/results/%7B0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f%7D`,
      },
      environment: '{2f3e4d5c-6b7a-4890-91a2-b3c4d5e6f708}',
    });
  });

  it('has no ref for a tag, which its tokens do not name', () => {
    const origin = BITBUCKET.origin(BITBUCKET.parseClaims(BITBUCKET_FIXTURES['bitbucket-tag']), SYSTEM);
    expect(origin).not.toHaveProperty('ref');
    expect(origin).not.toHaveProperty('environment');
  });

  it('is refused where claims are missing', () => {
    expect(codeOf(() => BITBUCKET.origin({}, SYSTEM))).toBe('token.claim_missing');
  });

  it.each([
    'https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity',
    'https://api.bitbucket.org.evil.example/2.0/workspaces/acme/pipelines-config/identity/oidc',
    'https://api.bitbucket.org/2.0/workspaces/acme/../evil/pipelines-config/identity/oidc',
    'nonsense',
  ])('does not come from %s', (issuer) => {
    expect(BITBUCKET.checkIssuer({ id: 'x', issuer })).toContain('must be https://api.bitbucket.org/');
    expect(BITBUCKET.checkIssuer(SYSTEM)).toBeUndefined();
    expect(BITBUCKET.checkIssuer({ id: 'x', issuer: 'http://localhost:4000/bitbucket' })).toBeUndefined();
  });
});

describe('an allow rule for Bitbucket', () => {
  type Conditions = Readonly<Record<string, readonly [string, Json]>>;
  const check = (conditions: Conditions) =>
    BITBUCKET.checkRule({
      conditions: Object.entries(conditions).map(([name, [operator, expected]]) => ({
        claim: `bitbucket.${name}`,
        operator,
        expected,
      })),
      hasConnector: false,
      isAddressBound: false,
    }).map(({ message }) => message);

  it.each<Conditions>([
    { branchName: ['is', 'main'] },
    { branchName: ['in', ['main', 'stable']] },
    { branchName: ['glob', 'release/*'] },
    { deploymentEnvironmentUuid: ['is', '{2f3e4d5c-6b7a-4890-91a2-b3c4d5e6f708}'] },
  ])('loads with %j', (conditions) => {
    expect(check(conditions)).toEqual([]);
  });

  it.each<Conditions>([
    {},
    { branchName: ['glob', '*'] },
    { branchName: ['glob', '**'] },
    { branchName: ['glob', '**/*'] },
    { branchName: ['absent', true] },
    { deploymentEnvironmentUuid: ['absent', false] },
    { stepUuid: ['is', '{7d8e9f0a-1b2c-4d3e-8f4a-5b6c7d8e9f0a}'] },
  ])('does not load with %j', (conditions) => {
    expect(check(conditions)).toEqual([
      'the rule names neither a branch nor a deployment environment, so every branch could sign',
    ]);
  });

  it('says that names of branches are short', () => {
    expect(check({ branchName: ['is', 'refs/heads/main'] })).toEqual(['bitbucket.branchName is a short name']);
  });
});
