import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkCircleciRule } from './circleci-rules.ts';
import { CIRCLECI } from './circleci.ts';
import { CIRCLECI_FIXTURES, type CircleciPayload } from './fixtures/circleci.ts';

const ORGANIZATION = 'c9035eb6-6eb2-4c85-8a81-d9ed6a1d1d1e';
const OTHER = '11111111-2222-4333-8444-555555555555';
const SYSTEM = { id: 'circleci', issuer: `https://oidc.circleci.com/org/${ORGANIZATION}` };
const TAG: CircleciPayload = CIRCLECI_FIXTURES['circleci-tag'] ?? {};
type Changes = Readonly<Record<string, unknown>>;
const claimsOf = (changes: Changes = {}) =>
  CIRCLECI.parseClaims({
    ...TAG,
    ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [`oidc.circleci.com/${name}`, value])),
  });
const originOf = (changes: Changes = {}, system = SYSTEM) => CIRCLECI.origin(claimsOf(changes), system);
const REQUIRED = CIRCLECI.claims.filter(({ required }) => required).map(({ name }) => name);

describe('claims of CircleCI', () => {
  it('lose the namespace of their names', () => {
    expect(claimsOf()).toMatchObject({
      'circleci.org-id': ORGANIZATION,
      'circleci.vcs-ref': 'refs/tags/v1.4.0',
      'circleci.ssh-rerun': false,
      'circleci.context-ids': ['7b6a5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d'],
    });
  });

  it('are only those in the namespace', () => {
    const posing = { ...TAG, 'vcs-ref': 'refs/tags/v9', 'https://oidc.circleci.com/vcs-ref': 'refs/tags/v8' };
    expect(CIRCLECI.parseClaims(posing)).toEqual(claimsOf());
    expect(codeOf(() => CIRCLECI.parseClaims({ 'org-id': ORGANIZATION }))).toBe('token.claim_missing');
    expect(codeOf(() => CIRCLECI.parseClaims([]))).toBe('token.claim_type');
  });

  it.each(REQUIRED)('are refused without %s', (name) => {
    expect(codeOf(() => claimsOf({ [name]: undefined }))).toBe('token.claim_missing');
    expect(codeOf(() => claimsOf({ [name]: null }))).toBe('token.claim_missing');
  });

  it.each([
    ['org-id', 'acme'],
    ['project-id', 7],
    ['ssh-rerun', 'false'],
    ['ssh-rerun', 0],
    ['context-ids', '7b6a5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d'],
    ['context-ids', ['production']],
    ['vcs-ref', ['refs/heads/main']],
    ['vcs-origin', 'github.com/acme/app\n'],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });
});

describe('the origin of a pipeline of CircleCI', () => {
  const PROJECT = 'https://circleci.com/api/v2/projects/3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c';

  it('has no commit', () => {
    expect(originOf()).toEqual({
      platform: 'circleci',
      system: 'circleci',
      repository: {
        uri: 'https://github.com/acme/app',
        id: '3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c',
        ownerId: ORGANIZATION,
      },
      ref: 'refs/tags/v1.4.0',
      workflow: {
        uri: `${PROJECT}/pipeline-definitions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d`,
        path: 'pipeline-definitions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      },
      run: {
        id: '9f8e7d6c-5b4a-4c3d-8e2f-1a0b9c8d7e6f',
        uri: 'https://circleci.com/api/v2/pipeline/9f8e7d6c-5b4a-4c3d-8e2f-1a0b9c8d7e6f',
      },
    });
  });

  it('has no ref where a webhook started the pipeline, and the project for its repository', () => {
    const origin = originOf({ 'vcs-ref': undefined, 'vcs-origin': undefined });
    expect(origin).not.toHaveProperty('ref');
    expect(origin.repository.uri).toBe(PROJECT);
  });

  it.each<[string, Changes, string]>([
    ['a job that somebody can log in to', { 'ssh-rerun': true }, 'token.interactive'],
    ['another organization than that of the issuer', { 'org-id': OTHER }, 'token.origin'],
    [
      'a pull request from a fork',
      { 'vcs-ref': 'refs/heads/pull/17', 'vcs-origin': 'github.com/stranger/app' },
      'token.pull_request',
    ],
    ['a pull request', { 'vcs-ref': 'refs/pull/17/head' }, 'token.pull_request'],
  ])('is refused for %s', (_, changes, code) => {
    expect(codeOf(() => originOf(changes))).toBe(code);
  });

  it('of the common issuer may be of any organization, which the link of the project then pins', () => {
    const common = { id: 'circleci', issuer: 'https://oidc.circleci.com' };
    expect(originOf({ 'org-id': OTHER }, common).repository.ownerId).toBe(OTHER);
    expect(CIRCLECI.repositoryClaims.ownerId).toBe('circleci.org-id');
  });

  it('is refused where claims are missing', () => {
    expect(codeOf(() => CIRCLECI.origin({}, SYSTEM))).toBe('token.claim_missing');
  });

  it('comes from an issuer of one organization, or the common one', () => {
    const check = (issuer: string) => CIRCLECI.checkIssuer({ id: 'x', issuer });
    expect(check(SYSTEM.issuer)).toBeUndefined();
    expect(check('https://oidc.circleci.com')).toBeUndefined();
    expect(check('http://localhost:4000/circleci')).toBeUndefined();
    for (const issuer of ['https://oidc.circleci.com/org/acme', 'https://oidc.circleci.com.evil.example', 'nonsense']) {
      expect(check(issuer)).toContain('/org/');
    }
    expect(CIRCLECI.sampleClaims?.(SYSTEM)).toEqual({ 'circleci.org-id': ORGANIZATION });
    expect(CIRCLECI.sampleClaims?.({ id: 'x', issuer: 'https://oidc.circleci.com' })).toEqual({});
  });
});

describe('an allow rule for CircleCI', () => {
  type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
  const GOOD: Conditions = {
    'vcs-ref': ['glob', 'refs/tags/v*'],
    'vcs-origin': ['is', 'github.com/acme/app'],
    'pipeline-definition-id': ['is', '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'],
  };
  const check = (changes: Conditions = {}) => {
    const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
      condition === undefined ? [] : [{ claim: `circleci.${name}`, operator: condition[0], expected: condition[1] }],
    );
    return checkCircleciRule({ conditions, hasConnector: false, isAddressBound: false }).map(({ message }) => message);
  };

  it('loads with ref, repository and definition', () => {
    expect(check()).toEqual([]);
  });

  it.each([
    ['vcs-ref', undefined, 'the rule does not say which refs it allows'],
    ['vcs-ref', ['glob', '**'], '** takes in more than branches and tags'],
    ['vcs-origin', undefined, 'the rule does not name the repository, and a project can build forks'],
    [
      'vcs-origin',
      ['glob', 'github.com/*/app'],
      'the rule does not name the repository, and a project can build forks',
    ],
    ['pipeline-definition-id', undefined, 'the rule does not name the pipeline definition'],
    ['pipeline-definition-id', ['absent', false], 'the rule does not name the pipeline definition'],
  ] as const)('does not load where %s is %j', (name, condition, message) => {
    expect(check({ [name]: condition as readonly [string, Json] | undefined })).toEqual([message]);
  });
});
