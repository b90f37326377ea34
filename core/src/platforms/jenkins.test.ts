import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { JENKINS_FIXTURES } from './fixtures/jenkins.ts';
import { JENKINS } from './jenkins.ts';

const JOB = 'https://jenkins.acme.example/job/team/job/app/';
const SYSTEM = { id: 'jenkins', issuer: 'https://jenkins.acme.example/oidc' };
const PAYLOAD = { sub: JOB, build_number: 17 };
const SOURCE = JENKINS_FIXTURES['jenkins-job-connector']?.connector ?? {};
const claimsOf = (changes: object = {}) => JENKINS.parseClaims({ ...PAYLOAD, ...changes });

describe('claims of Jenkins', () => {
  it('have the types of JSON, and only described ones are kept', () => {
    const token = { iss: SYSTEM.issuer, aud: ['x'], iat: 1, exp: 2, branch_name: 'main', custom: true };
    expect(claimsOf(token)).toEqual({
      'jenkins.sub': JOB,
      'jenkins.build_number': 17,
      'jenkins.branch_name': 'main',
    });
  });

  it('that the API brings are never taken from the token, whatever templates an administrator adds', () => {
    const brought = JENKINS.claims.filter(({ source }) => source === 'connector').map(({ name }) => name);
    expect(brought).toContain('scm_commit');
    const posing = Object.fromEntries(brought.map((name) => [name, 'a'.repeat(40)]));
    expect(claimsOf(posing)).toEqual(claimsOf());
  });

  it.each(['sub', 'build_number'])('are refused without %s', (name) => {
    expect(codeOf(() => claimsOf({ [name]: undefined }))).toBe('token.claim_missing');
    expect(codeOf(() => claimsOf({ [name]: '' }))).toBe('token.claim_missing');
  });

  it.each([
    ['sub', 17],
    ['sub', [JOB]],
    ['sub', `${JOB}\n`],
    ['build_number', '17'],
    ['build_number', 17.5],
    ['build_number', -1],
    ['build_number', 2 ** 53],
    ['build_number', null],
    ['build_number', true],
    ['branch_name', 7],
    ['change_id', ['PR-1']],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });

  it('have unique names and a description', () => {
    const names = JENKINS.claims.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(JENKINS.claims.filter(({ description }) => !/^[A-Z].*(?:\.|\})$/.test(description))).toEqual([]);
  });
});

describe('the origin of a build of Jenkins', () => {
  it('without connector is the job and the build, and says nothing about source', () => {
    expect(JENKINS.origin(claimsOf(), SYSTEM)).toEqual({
      platform: 'jenkins',
      system: 'jenkins',
      repository: { uri: JOB, id: JOB },
      workflow: { uri: JOB, path: 'job/team/job/app/' },
      run: { id: '17', uri: `${JOB}17/` },
    });
  });

  it('with connector has source and commit, and a run that outlives the deletion of its job', () => {
    const origin = JENKINS.origin({ ...SOURCE, ...claimsOf(), 'jenkins.node': 'linux-1' }, SYSTEM);
    expect(origin).toMatchObject({
      repository: { uri: 'https://git.acme.example/acme/app', id: JOB },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/heads/main',
      run: { id: '17@1784600300', uri: `${JOB}17/` },
      runner: 'linux-1',
    });
    const later = JENKINS.origin({ ...SOURCE, ...claimsOf(), 'jenkins.build_started': 1_784_700_000 }, SYSTEM);
    expect(later.run.id).not.toBe(origin.run.id);
  });

  it.each([
    ['another controller', { sub: 'https://jenkins.acme.example.evil/job/team/job/app/' }],
    ['a job that climbs', { sub: 'https://jenkins.acme.example/job/team/job/../../app/' }],
    ['a job without a slash behind it', { sub: JOB.slice(0, -1) }],
    ['the controller', { sub: 'https://jenkins.acme.example/' }],
  ])('is refused with %s', (_name, changes) => {
    expect(codeOf(() => JENKINS.origin(claimsOf(changes), SYSTEM))).toBe('token.origin');
  });

  it('is refused where the issuer is that of another folder', () => {
    const folder = { id: 'jenkins', issuer: `${SYSTEM.issuer}/job/tea` };
    expect(codeOf(() => JENKINS.origin(claimsOf(), folder))).toBe('token.origin');
    expect(codeOf(() => JENKINS.origin(claimsOf(), { ...folder, issuer: `${SYSTEM.issuer}/job/team` }))).toBe(
      'accepted',
    );
  });

  it('is refused for the build of a pull request', () => {
    expect(codeOf(() => JENKINS.origin(claimsOf({ change_id: '17' }), SYSTEM))).toBe('token.pull_request');
  });

  it('is refused where the job is missing, and a system without scope is a mistake of ours', () => {
    expect(codeOf(() => JENKINS.origin({}, SYSTEM))).toBe('token.claim_missing');
    expect(() => JENKINS.origin(claimsOf(), { id: 'jenkins', issuer: 'https://id.acme.example/jenkins' })).toThrow(
      TypeError,
    );
  });
});

it('an issuer of Jenkins tells where the controller is, or the file does', () => {
  const issuer = 'https://id.acme.example/jenkins';
  expect(JENKINS.checkIssuer({ id: 'jenkins', issuer })).toBe(
    'the issuer is not <root>/oidc nor <root>/oidc/job/<folder>, so serverUrl must say where the controller is',
  );
  expect(JENKINS.checkIssuer({ id: 'jenkins', issuer, serverUrl: 'https://jenkins.acme.example' })).toBeUndefined();
  expect(JENKINS.checkIssuer(SYSTEM)).toBeUndefined();
});
