import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { AZURE_DEVOPS } from './azure-devops.ts';
import { AZURE_FIXTURES } from './fixtures/azure.ts';

const ORGANIZATION = '0ca3ddd9-f0b0-4635-a98c-5866526961b6';
const SYSTEM = { id: 'azure', issuer: `https://vstoken.dev.azure.com/${ORGANIZATION}` };
const TAG = AZURE_FIXTURES['azure-tag']?.payload ?? {};
const OWN = AZURE_DEVOPS.claims.filter(({ source }) => source === undefined);
const claimsOf = (changes: object = {}) => AZURE_DEVOPS.parseClaims({ ...TAG, ...changes });
const originOf = (changes: object = {}, system = SYSTEM) => AZURE_DEVOPS.origin(claimsOf(changes), system);

describe('claims of Azure Pipelines', () => {
  it('are texts under their own names, and nothing else of the token is kept', () => {
    const claims = claimsOf({ iss: SYSTEM.issuer, aud: 'api://AzureADTokenExchange', jti: 'x', other: 'y', nbf: 1 });
    expect(claims).toEqual(Object.fromEntries(Object.entries(TAG).map(([name, value]) => [`azure.${name}`, value])));
  });

  it('of a connection and of the API are never taken from the token of the job', () => {
    const foreign = AZURE_DEVOPS.claims.filter(({ source }) => source !== undefined).map(({ name }) => name);
    expect(foreign.length).toBeGreaterThan(8);
    const posing = Object.fromEntries(foreign.map((name) => [name, 'true']));
    expect(claimsOf(posing)).toEqual(claimsOf());
  });

  it.each(OWN.map(({ name }) => name))('are refused without %s', (name) => {
    expect(codeOf(() => claimsOf({ [name]: undefined }))).toBe('token.claim_missing');
    expect(codeOf(() => claimsOf({ [name]: '' }))).toBe('token.claim_missing');
  });

  it.each([
    ['org_id', 'acme'],
    ['org_id', ORGANIZATION.toUpperCase()],
    ['org_id', `{${ORGANIZATION}}`],
    ['org_id', ORGANIZATION.replaceAll('-', '')],
    ['prj_id', 'app'],
    ['prj_id', [ORGANIZATION]],
    ['def_id', 42],
    ['def_id', '042'],
    ['def_id', '-1'],
    ['def_id', '4 2'],
    ['run_id', '1234/../9'],
    ['run_id', 'latest'],
    ['rpo_ver', 'main'],
    ['rpo_ver', '9F31C2E0D4B86A57913FE2DC0B745A618E3CF290'],
    ['rpo_ver', '9f31c2e'],
    ['rpo_id', { id: 'x' }],
    ['rpo_ref', 'refs/heads/a\nb'],
    ['rpo_uri', null],
    ['sub', 7],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });

  it.each([null, [], 'x', 7])('are refused where the payload is %j', (payload) => {
    expect(codeOf(() => AZURE_DEVOPS.parseClaims(payload))).toBe('token.claim_type');
  });

  it('have unique names and a description', () => {
    const names = AZURE_DEVOPS.claims.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(AZURE_DEVOPS.claims.filter(({ description }) => !/^[A-Zps].*\.$/.test(description))).toEqual([]);
  });
});

describe('the origin of a run of Azure Pipelines', () => {
  const builds = 'https://dev.azure.com/acme/271ef6f7-5998-4b0c-86fb-4b54d9129990/_build';

  it('has the immutable ids of repository and project, and links that people can follow', () => {
    expect(originOf()).toEqual({
      platform: 'azure-devops',
      system: 'azure',
      repository: {
        uri: 'https://dev.azure.com/acme/app/_git/app',
        id: '3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11',
        ownerId: '271ef6f7-5998-4b0c-86fb-4b54d9129990',
      },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/tags/v1.4.0',
      workflow: { uri: `${builds}?definitionId=42`, path: '_build?definitionId=42' },
      run: { id: '1234', uri: `${builds}/results?buildId=1234` },
    });
  });

  it('says what the API said: what started the run, and where it ran', () => {
    const told = { ...claimsOf(), 'azure.reason': 'schedule', 'azure.agent_pool': 'Azure Pipelines' };
    expect(AZURE_DEVOPS.origin(told, SYSTEM)).toMatchObject({ trigger: 'schedule', runner: 'Azure Pipelines' });
  });

  it('links to the server that the system names', () => {
    const own = { ...SYSTEM, serverUrl: 'https://devops.acme.example/tfs' };
    expect(originOf({ sub: 'p://whatever' }, own).run.uri).toMatch(/^https:\/\/devops\.acme\.example\/tfs\/271ef6f7-/);
  });

  it.each([
    ['another organization', { org_id: '11111111-f0b0-4635-a98c-5866526961b6' }, 'token.origin'],
    ['the subject of a service connection', { sub: 'sc://acme/app/prod-signing' }, 'token.origin'],
    ['a subject without organization', { sub: 'p:///app/release' }, 'token.origin'],
    ['a subject that holds a host', { sub: 'p://evil.example/app/release' }, 'token.origin'],
    ['a subject with a user and a host', { sub: 'p://acme@evil.example/app' }, 'token.origin'],
    ['a subject with one part', { sub: 'p://acme' }, 'token.origin'],
    ['a pull request', { rpo_ref: 'refs/pull/17/merge' }, 'token.pull_request'],
    ['the head of a pull request', { rpo_ref: 'refs/pull/17/head' }, 'token.pull_request'],
  ])('is refused with %s', (_name, changes, code) => {
    expect(codeOf(() => originOf(changes))).toBe(code);
  });

  it('is refused where claims lack what every token has', () => {
    expect(codeOf(() => AZURE_DEVOPS.origin({}, SYSTEM))).toBe('token.claim_missing');
    expect(codeOf(() => AZURE_DEVOPS.origin({ ...claimsOf(), 'azure.run_id': 1234 }, SYSTEM))).toBe('token.claim_type');
  });
});

describe('an issuer of Azure Pipelines', () => {
  it.each([
    'https://vstoken.dev.azure.com',
    'https://vstoken.dev.azure.com/acme',
    `https://vstoken.dev.azure.com/a/${ORGANIZATION}`,
    `https://vstoken.dev.azure.com/${ORGANIZATION}/x`,
    `https://vstoken.dev.azure.com/${ORGANIZATION.toUpperCase()}`,
    ORGANIZATION,
  ])('must end in the GUID of the organization: %s', (issuer) => {
    expect(AZURE_DEVOPS.checkIssuer({ id: 'azure', issuer })).toBe(
      'the issuer must end in the GUID of the organization',
    );
    expect(codeOf(() => originOf({}, { id: 'azure', issuer }))).toBe('token.origin');
  });

  it('may be on any host, and a sample takes over its organization', () => {
    const system = { id: 'azure', issuer: `http://localhost:4000/${ORGANIZATION}` };
    expect(AZURE_DEVOPS.checkIssuer(system)).toBeUndefined();
    expect(AZURE_DEVOPS.sampleClaims?.(system)).toEqual({ 'azure.org_id': ORGANIZATION });
  });
});
