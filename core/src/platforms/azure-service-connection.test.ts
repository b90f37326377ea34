import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { AZURE_SERVICE_CONNECTION } from './azure-service-connection.ts';
import type { PairedToken } from './platform.ts';

const ORGANIZATION = '0ca3ddd9-f0b0-4635-a98c-5866526961b6';
const CONNECTION = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const AZURE = `https://vstoken.dev.azure.com/${ORGANIZATION}`;
const ENTRA = 'https://login.microsoftonline.com/7d2c8a2e-64a0-4f6c-8d2f-6a0f0b8f5d11/v2.0';
const entraSub = (organization = ORGANIZATION, connection = CONNECTION) =>
  `/eid1/c/pub/t/Xn3Jq7o0dUmR7PpZ9C1wQA/a/kD8pE0q9mE6oWn4lN2sVbw/sc/${organization}/${connection}`;
const parse = (sub: unknown, iss: unknown = AZURE) => AZURE_SERVICE_CONNECTION.parseClaims({ sub, iss, aud: 'x' });

describe('the token of a service connection', () => {
  it('of Azure DevOps names it', () => {
    expect(parse('sc://acme/my app/prod-signing')).toEqual({
      'azure.service_connection_issuer': AZURE,
      'azure.service_connection': 'sc://acme/my app/prod-signing',
    });
  });

  it('of Microsoft Entra has ids of organization and connection', () => {
    expect(parse(entraSub(), ENTRA)).toEqual({
      'azure.service_connection_issuer': ENTRA,
      'azure.service_connection_id': CONNECTION,
      'azure.service_connection_organization': ORGANIZATION,
    });
  });

  it.each([
    'p://acme/app/release',
    'sc://acme/app',
    'sc://acme/app/',
    'sc:///app/prod',
    'sc://acme//prod',
    'sc://acme/app/prod/extra',
    'SC://acme/app/prod',
    ' sc://acme/app/prod',
    'sc://ac me/app/prod',
    `sc://acme/app/${'x'.repeat(301)}`,
    'sc://acme/app/prod\n',
    'sc://acme/app/pr\u0000od',
    'sc://acme/app/\u001b[2J',
    '',
    `${entraSub()}/x`,
    `x${entraSub()}`,
    `${entraSub()}\n`,
    entraSub().replace('/pub/', '/other/'),
    entraSub().replace('/sc/', '/p/'),
    entraSub().replace('/eid1/', '/eid2/'),
    entraSub(ORGANIZATION.toUpperCase()),
    entraSub(ORGANIZATION, 'prod-signing'),
    entraSub(`${ORGANIZATION}/${ORGANIZATION}`),
    entraSub().replace('/t/Xn3', '/t/../Xn3'),
    entraSub().replace('kD8', 'k/D8'),
    7,
    null,
    ['sc://acme/app/prod'],
  ])('is refused with the subject %j', (sub) => {
    expect(codeOf(() => parse(sub))).toBe('token.claim_type');
  });

  it('is refused without subject or issuer', () => {
    expect(codeOf(() => AZURE_SERVICE_CONNECTION.parseClaims({ iss: AZURE }))).toBe('token.claim_missing');
    expect(codeOf(() => AZURE_SERVICE_CONNECTION.parseClaims({ sub: 'sc://a/b/c' }))).toBe('token.claim_missing');
    expect(codeOf(() => parse('sc://a/b/c', 7))).toBe('token.claim_type');
    for (const payload of [null, [], 'x'])
      expect(codeOf(() => AZURE_SERVICE_CONNECTION.parseClaims(payload))).toBe('token.claim_missing');
  });
});

describe('the tokens of a job and of its connection', () => {
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
  const job: PairedToken = { issuer: AZURE, issuedAt: at(0), claims: { 'azure.org_id': ORGANIZATION } };
  const check = (issuer: string, sub: string, seconds = 0) =>
    codeOf(() =>
      AZURE_SERVICE_CONNECTION.checkPair(job, { issuer, issuedAt: at(seconds), claims: parse(sub, issuer) }),
    );

  it.each([0, 1, 120, -120])('may be made %i seconds apart', (seconds) => {
    expect(check(AZURE, 'sc://acme/app/prod', seconds)).toBe('accepted');
    expect(check(ENTRA, entraSub(), seconds)).toBe('accepted');
  });

  it.each([121, -121, 600, -600])('must not be made %i seconds apart', (seconds) => {
    expect(check(AZURE, 'sc://acme/app/prod', seconds)).toBe('token.pair');
    expect(check(ENTRA, entraSub(), seconds)).toBe('token.pair');
  });

  it('must be of one organization, which names do not tell', () => {
    const other = '11111111-f0b0-4635-a98c-5866526961b6';
    expect(check(`https://vstoken.dev.azure.com/${other}`, 'sc://acme/app/prod')).toBe('token.pair');
    expect(check(ENTRA, 'sc://acme/app/prod')).toBe('token.pair');
    expect(check(ENTRA, entraSub(other))).toBe('token.pair');
    expect(check(AZURE, entraSub(other))).toBe('token.pair');
  });
});
