import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkBuildkiteRule } from './buildkite-rules.ts';
import { BUILDKITE } from './buildkite.ts';
import { BUILDKITE_FIXTURES, type BuildkitePayload } from './fixtures/buildkite.ts';

const SYSTEM = { id: 'buildkite', issuer: 'https://agent.buildkite.com' };
const TAG: BuildkitePayload = BUILDKITE_FIXTURES['buildkite-tag'] ?? {};
const claimsOf = (changes: Readonly<Record<string, unknown>> = {}) => BUILDKITE.parseClaims({ ...TAG, ...changes });
const REQUIRED = BUILDKITE.claims.filter(({ required }) => required).map((c) => c.derivedFrom ?? c.name);

describe('claims of Buildkite', () => {
  it('are typed, and one of them is the full ref', () => {
    expect(claimsOf()).toMatchObject({
      'buildkite.build_number': 17,
      'buildkite.build_tag': 'v1.4.0',
      'buildkite.ref': 'refs/tags/v1.4.0',
    });
    expect(claimsOf({ build_branch: 'main', build_tag: null })['buildkite.ref']).toBe('refs/heads/main');
    expect(claimsOf({ build_branch: 'refs/tags/v1', build_tag: null })['buildkite.ref']).toBe(
      'refs/heads/refs/tags/v1',
    );
  });

  it('that are null are not there', () => {
    const claims = claimsOf({ build_tag: null, step_key: null });
    for (const name of ['build_tag', 'step_key']) expect(claims).not.toHaveProperty([`buildkite.${name}`]);
  });

  it.each([...new Set(REQUIRED)])('are refused without %s', (name) => {
    for (const nothing of [undefined, null, '']) {
      expect(codeOf(() => claimsOf({ [name]: nothing }))).toBe('token.claim_missing');
    }
  });

  it.each([
    ['organization_id', 'acme'],
    ['organization_id', '0184990A-477B-4FA8-9968-496074483C77'],
    ['pipeline_id', 17],
    ['build_number', '17'],
    ['build_number', -1],
    ['build_branch', ['main']],
    ['build_tag', true],
    ['step_key', 'a\nb'],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });
});

describe('the origin of a build of Buildkite', () => {
  const PIPELINE = 'https://buildkite.com/acme/app';

  it('has the pipeline in place of the repository', () => {
    expect(BUILDKITE.origin(claimsOf(), SYSTEM)).toEqual({
      platform: 'buildkite',
      system: 'buildkite',
      repository: {
        uri: PIPELINE,
        id: '0184990a-4782-42b5-afc1-16715b10b110',
        ownerId: '0184990a-477b-4fa8-9968-496074483c77',
      },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/tags/v1.4.0',
      workflow: { uri: PIPELINE, path: 'app' },
      run: { id: '17', uri: `${PIPELINE}/builds/17` },
      trigger: 'webhook',
      runner: 'buildkite-hosted',
    });
  });

  it.each(['HEAD', 'main', '9f31c2e', '9F31C2E0D4B86A57913FE2DC0B745A618E3CF290'])(
    'has no commit where the build was started for %s',
    (commit) => {
      expect(BUILDKITE.origin(claimsOf({ build_commit: commit }), SYSTEM)).not.toHaveProperty('commit');
    },
  );

  it('is refused where claims are missing', () => {
    expect(codeOf(() => BUILDKITE.origin({}, SYSTEM))).toBe('token.claim_missing');
  });

  it('comes from one issuer', () => {
    expect(BUILDKITE.checkIssuer(SYSTEM)).toBeUndefined();
    expect(BUILDKITE.checkIssuer({ id: 'x', issuer: 'http://localhost:4000/buildkite' })).toBeUndefined();
    for (const issuer of ['https://agent.buildkite.com.evil.example', 'https://buildkite.com', 'nonsense']) {
      expect(BUILDKITE.checkIssuer({ id: 'x', issuer })).toBe('the issuer of Buildkite is https://agent.buildkite.com');
    }
  });
});

describe('an allow rule for Buildkite', () => {
  type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
  const GOOD: Conditions = { ref: ['glob', 'refs/tags/v*'], build_source: ['is', 'webhook'], step_key: ['is', 'sign'] };
  const check = (changes: Conditions = {}) => {
    const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
      condition === undefined ? [] : [{ claim: `buildkite.${name}`, operator: condition[0], expected: condition[1] }],
    );
    return checkBuildkiteRule({ conditions, hasConnector: false, isAddressBound: false }).map(({ message }) => message);
  };

  it('loads with source, ref and step', () => {
    expect(check()).toEqual([]);
  });

  it.each([
    ['ref', undefined, 'the rule does not say which refs it allows'],
    ['ref', ['is', 'main'], 'main is not a full ref'],
    ['build_source', undefined, 'the rule does not say which sources it allows'],
    ['build_source', ['glob', '*'], 'buildkite.build_source must be named exactly'],
    ['step_key', undefined, 'the rule does not name the step'],
    ['step_key', ['glob', '*'], 'the rule does not name the step'],
    ['step_key', ['absent', false], 'the rule does not name the step'],
  ] as const)('does not load where %s is %j', (name, condition, message) => {
    expect(check({ [name]: condition as readonly [string, Json] | undefined })).toEqual([message]);
  });

  it('does not take the branch for the ref: the build of a tag has one too', () => {
    expect(check({ ref: undefined, build_branch: ['is', 'main'] })).toHaveLength(1);
  });
});
