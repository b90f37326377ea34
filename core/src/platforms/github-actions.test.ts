import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { GITHUB_FIXTURES, type GithubPayload } from './fixtures/github.ts';
import { GITHUB_ACTIONS } from './github-actions.ts';

const SYSTEM = { id: 'github', issuer: 'https://token.actions.githubusercontent.com' };
const TAG: GithubPayload = GITHUB_FIXTURES['github-tag-push'];
const claimsOf = (payload: unknown) => GITHUB_ACTIONS.parseClaims(payload);
const originOf = (payload: unknown, system = SYSTEM) => GITHUB_ACTIONS.origin(claimsOf(payload), system);
const REQUIRED = GITHUB_ACTIONS.claims.filter((claim) => claim.required).map((c) => c.derivedFrom ?? c.name);

describe('claims of GitHub Actions', () => {
  it('are typed, and the parts of workflow refs are claims of their own', () => {
    expect(claimsOf(TAG)).toMatchObject({
      'github.ref': 'refs/tags/v1.4.0',
      'github.ref_protected': true,
      'github.repository_id': '771245825',
      'github.run_attempt': 1,
      'github.run_number': 10,
      'github.workflow_repository': 'acme/app',
      'github.workflow_path': '.github/workflows/release.yml',
      'github.workflow_ref': 'refs/tags/v1.4.0',
      'github.job_workflow_path': '.github/workflows/release.yml',
    });
  });

  it.each(Object.entries(GITHUB_FIXTURES))(
    'of %s all have a schema, and only described claims are kept',
    (_, payload) => {
      const known = new Set(GITHUB_ACTIONS.claims.map(({ name }) => `github.${name}`));
      const names = Object.keys(claimsOf(payload));
      expect(names.filter((name) => !known.has(name))).toEqual([]);
      expect(names).not.toContain('github.sub');
      expect(names).not.toContain('github.repo_property_business_unit');
    },
  );

  it.each([...new Set(REQUIRED)])('are refused without %s', (name) => {
    const { [name]: _removed, ...rest } = TAG;
    expect(codeOf(() => claimsOf(rest))).toBe('token.claim_missing');
    expect(codeOf(() => claimsOf({ ...rest, [name]: '' }))).toBe('token.claim_missing');
  });

  it.each([
    ['ref_protected', 'TRUE'],
    ['ref_protected', true],
    ['run_attempt', 1],
    ['run_attempt', '01'],
    ['repository_id', 771245825],
    ['repository_owner_id', 'acme'],
    ['sha', 'main'],
    ['workflow_ref', 7],
    ['workflow_ref', 'acme/app/.github/workflows/release.yml'],
    ['workflow_ref', 'acme/app/.github/workflows/release.yml@refs/heads/a\nb'],
    ['job_workflow_ref', `acme/app/.github/workflows/a.yml@refs/heads/${'x'.repeat(4100)}`],
    ['job_workflow_ref', ['acme/app/.github/workflows/a.yml@refs/heads/main']],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ ...TAG, [name]: value }))).toBe('token.claim_type');
  });

  it('have unique names and a description', () => {
    const names = GITHUB_ACTIONS.claims.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(GITHUB_ACTIONS.claims.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });
});

describe('the origin of a GitHub Actions run', () => {
  it('is complete', () => {
    expect(originOf(GITHUB_FIXTURES['github-environment'])).toEqual({
      platform: 'github-actions',
      system: 'github',
      repository: { uri: 'https://github.com/acme/app', id: '771245825', ownerId: '145685596' },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/tags/v1.4.0',
      workflow: {
        uri: 'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.0',
        path: '.github/workflows/release.yml',
        ref: 'refs/tags/v1.4.0',
        commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      },
      run: { id: '30433642', attempt: 1, uri: 'https://github.com/acme/app/actions/runs/30433642/attempts/1' },
      trigger: 'push',
      runner: 'github-hosted',
      environment: 'production',
      actor: 'octocat',
      actorId: '583231',
    });
  });

  it('names the called workflow where the job runs in one', () => {
    expect(originOf(GITHUB_FIXTURES['github-reusable-workflow']).callee).toEqual({
      uri: 'https://github.com/acme/release-workflows/.github/workflows/sign.yml@refs/tags/v2',
      repository: 'acme/release-workflows',
      path: '.github/workflows/sign.yml',
      ref: 'refs/tags/v2',
      commit: '6b906a4153c61a2486973a1347db8300dc9ce3ee',
    });
    expect(originOf(TAG).callee).toBeUndefined();
  });

  it('leaves out what the installation does not send', () => {
    const origin = originOf(GITHUB_FIXTURES['github-enterprise-server'], {
      id: 'ghes',
      issuer: 'https://git.acme.example/_services/token',
    });
    expect(origin.workflow).not.toHaveProperty('commit');
    expect(origin).not.toHaveProperty('environment');
    expect(origin.repository.uri).toBe('https://git.acme.example/acme/app');
  });

  it.each([
    [
      'an enterprise with its name in the issuer',
      'https://token.actions.githubusercontent.com/acme-corp',
      'github.com',
    ],
    ['a tenant of GHE.com', 'https://token.actions.acme.ghe.com', 'acme.ghe.com'],
    ['a tenant of GHE.com with a name', 'https://token.actions.acme.ghe.com/acme-corp', 'acme.ghe.com'],
    ['an Enterprise Server', 'https://git.acme.example/_services/token', 'git.acme.example'],
  ])('of %s links to where its repositories are, in every address', (_, issuer, host) => {
    const origin = originOf(GITHUB_FIXTURES['github-reusable-workflow'], { id: 'enterprise', issuer });
    const addresses = [origin.repository.uri, origin.workflow.uri, origin.callee?.uri ?? '', origin.run.uri];
    expect(addresses.map((uri) => new URL(uri).host)).toEqual([host, host, host, host]);
    expect(origin.system).toBe('enterprise');
  });

  it('is refused where claims lack what every token has', () => {
    expect(codeOf(() => GITHUB_ACTIONS.origin({}, SYSTEM))).toBe('token.claim_missing');
    expect(codeOf(() => GITHUB_ACTIONS.origin({ ...claimsOf(TAG), 'github.run_attempt': '1' }, SYSTEM))).toBe(
      'token.claim_type',
    );
  });
});
