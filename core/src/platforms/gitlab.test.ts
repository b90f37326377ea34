import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { GITLAB_FIXTURES, GITLAB_FORK_MERGE_REQUEST, type GitlabPayload } from './fixtures/gitlab.ts';
import { GITLAB } from './gitlab.ts';

const SYSTEM = { id: 'gitlab', issuer: 'https://gitlab.acme.example' };
const TAG: GitlabPayload = GITLAB_FIXTURES['gitlab-tag'] ?? {};
const claimsOf = (changes: Readonly<Record<string, unknown>> = {}) => GITLAB.parseClaims({ ...TAG, ...changes });
const originOf = (changes: Readonly<Record<string, unknown>> = {}, system = SYSTEM) =>
  GITLAB.origin(claimsOf(changes), system);
const REQUIRED = GITLAB.claims.filter(({ required }) => required).map((c) => c.derivedFrom ?? c.name);

describe('claims of GitLab', () => {
  it('are typed: text that means a boolean, numbers, and lists', () => {
    expect(claimsOf()).toMatchObject({
      'gitlab.project_id': '20',
      'gitlab.ref_protected': true,
      'gitlab.runner_id': 1,
      'gitlab.groups_direct': ['acme'],
      'gitlab.ci_config_project': 'acme/app',
      'gitlab.ci_config_path': '.gitlab-ci.yml',
      'gitlab.ci_config_ref': 'refs/tags/v1.4.0',
    });
  });

  it.each(Object.entries(GITLAB_FIXTURES))('of %s all have a schema', (_, payload) => {
    const known = new Set(GITLAB.claims.map(({ name }) => `gitlab.${name}`));
    const names = Object.keys(GITLAB.parseClaims(payload));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    for (const name of ['sub', 'ref', 'user_email', 'ci_config_ref_uri']) expect(names).not.toContain(`gitlab.${name}`);
    expect(GITLAB.origin(GITLAB.parseClaims(payload), SYSTEM).repository.id).toBe('20');
  });

  it.each([...new Set(REQUIRED)])('are refused without %s', (name) => {
    for (const nothing of [undefined, null, '']) {
      expect(codeOf(() => claimsOf({ [name]: nothing }))).toBe('token.claim_missing');
    }
  });

  it.each([
    ['ref_protected', true],
    ['ref_protected', 'True'],
    ['project_id', 20],
    ['project_id', '020'],
    ['project_id', 'acme/app'],
    ['namespace_id', 'acme'],
    ['job_project_id', 20],
    ['sha', 'main'],
    ['runner_id', '1'],
    ['runner_id', 1.5],
    ['groups_direct', 'acme'],
    ['groups_direct', [1]],
    ['user_login', 'a\u001b[2J'],
    ['pipeline_id', 574],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });

  it.each([
    ['no file', 'gitlab.acme.example/acme/app'],
    ['no ref', 'gitlab.acme.example/acme/app//.gitlab-ci.yml'],
    ['a short ref', 'gitlab.acme.example/acme/app//.gitlab-ci.yml@main'],
    ['a file of the web', 'https://files.acme.example/ci.yml'],
    ['a file of the web at a ref', 'https://files.acme.example/ci.yml@refs/heads/main'],
    ['no project', 'gitlab.acme.example//.gitlab-ci.yml@refs/heads/main'],
    ['a project without group', 'gitlab.acme.example/app//.gitlab-ci.yml@refs/heads/main'],
    ['no file name', 'gitlab.acme.example/acme/app//@refs/heads/main'],
    ['another kind of file', 'gitlab.acme.example/acme/app//ci.json@refs/heads/main'],
    ['an absolute path', 'gitlab.acme.example/acme/app///etc/ci.yml@refs/heads/main'],
    ['a branch that poses as a file', 'gitlab.acme.example/acme/app//ci.yml@refs/heads/x.yml@refs/heads/main'],
    ['a line break', 'gitlab.acme.example/acme/app//ci.yml@refs/heads/a\nb'],
    ['a number', 7],
  ])('are refused where the address of the pipeline file has %s', (_, value) => {
    expect(codeOf(() => claimsOf({ ci_config_ref_uri: value }))).toBe('token.claim_type');
  });

  it.each([
    ['a@b.yml', 'acme/app', 'refs/heads/main'],
    ['ci/release.yaml', 'acme/team/deep/app', 'refs/heads/user@fix'],
  ])('name the pipeline file %s of %s at %s', (path, project, ref) => {
    expect(claimsOf({ ci_config_ref_uri: `gitlab.acme.example/${project}//${path}@${ref}` })).toMatchObject({
      'gitlab.ci_config_project': project,
      'gitlab.ci_config_path': path,
      'gitlab.ci_config_ref': ref,
    });
  });

  it('have unique names and a description', () => {
    const names = GITLAB.claims.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(GITLAB.claims.filter(({ description }) => !/^[A-Z].*[.…]$/.test(description))).toEqual([]);
  });
});

describe('the origin of a pipeline of GitLab', () => {
  it('is complete', () => {
    expect(originOf({ environment: 'production' })).toEqual({
      platform: 'gitlab',
      system: 'gitlab',
      repository: { uri: 'https://gitlab.acme.example/acme/app', id: '20', ownerId: '72' },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/tags/v1.4.0',
      workflow: {
        uri: 'https://gitlab.acme.example/acme/app//.gitlab-ci.yml@refs/tags/v1.4.0',
        path: '.gitlab-ci.yml',
        ref: 'refs/tags/v1.4.0',
        commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      },
      run: { id: '574', uri: 'https://gitlab.acme.example/acme/app/-/pipelines/574' },
      trigger: 'push',
      runner: 'gitlab-hosted',
      environment: 'production',
      actor: 'sample-user',
      actorId: '1',
    });
  });

  it('leaves out what the token does not say, and links to another address where the file says so', () => {
    const origin = originOf({ ci_config_sha: null, runner_environment: null, user_id: null, user_login: null }, {
      ...SYSTEM,
      serverUrl: 'https://git.acme.example',
    } as typeof SYSTEM);
    expect(origin.workflow).not.toHaveProperty('commit');
    for (const name of ['runner', 'environment', 'actor', 'actorId']) expect(origin).not.toHaveProperty(name);
    expect(origin.repository.uri).toBe('https://git.acme.example/acme/app');
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a merge request of a fork in the project that it is for', GITLAB_FORK_MERGE_REQUEST],
    ['the same before the project of the job was in the token', { pipeline_source: 'merge_request_event' }],
    ['a pull request of another platform', { pipeline_source: 'external_pull_request_event' }],
    ['another project that the job runs in', { job_project_id: '21' }],
    ['another namespace that the job runs in', { job_namespace_id: '73' }],
  ])('is refused for %s', (_, changes) => {
    expect(codeOf(() => originOf(changes))).toBe('token.pull_request');
  });

  it('is refused where claims are missing', () => {
    expect(codeOf(() => GITLAB.origin({}, SYSTEM))).toBe('token.claim_missing');
    const { 'gitlab.sha': _sha, ...rest } = claimsOf();
    expect(codeOf(() => GITLAB.origin(rest, SYSTEM))).toBe('token.claim_missing');
  });
});
