import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAzureIssuer, type AzureConnection, type AzureIssuer } from '@originsign/testkit/azure-issuer';
import { attackerKey, fileArtifact, type AttackerKey, type Forgery } from '@originsign/testkit/forged-request';
import { utf8 } from '@originsign/core/encoding/bytes';
import {
  attackPlatform,
  failedClaims,
  type AttackedPlatform,
  type RequestTokens,
} from './attacked-platform.test.fixture.ts';
import { textAt } from './attacked-signer.test.fixture.ts';

const OTHER_ORGANIZATION = '11111111-2222-4333-8444-555555555555';
const FENCED_ORGANIZATION = '22222222-2222-4333-8444-555555555555';
const NAMED: AzureConnection = { id: '0b0f6d4c-0c6b-4e8e-8f5b-6d1f1e1d2c3b', kind: 'azure-devops' };
const ENTRA: AzureConnection = { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', kind: 'entra' };
type Claims = Readonly<Record<string, unknown>>;

const PROJECT = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [azure]
repositories: [{id: 3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11, ownerId: 271ef6f7-5998-4b0c-86fb-4b54d9129990}]
policies:
  release:
    keys: {raw: trial-raw}
    allow:
      - id: named
        when:
          azure.def_id: {is: "42"}
          azure.rpo_ref: {glob: "refs/tags/v*"}
          azure.service_connection: {is: sc://acme/app/prod-signing}
  entra:
    keys: {raw: trial-raw}
    allow:
      - id: entra
        when:
          azure.def_id: {is: "42"}
          azure.rpo_ref: {glob: "refs/tags/v*"}
          azure.service_connection_id: {is: ${ENTRA.id}}
`;

let azure: AzureIssuer;
let bench: AttackedPlatform;

beforeAll(async () => {
  azure = await startAzureIssuer();
  const system = (id: string, organization?: string, more = ''): string =>
    `{version: 1, id: ${id}${more}, type: azure-devops, issuer: "${azure.issuer(organization)}", ` +
    `serviceConnectionIssuer: "${azure.entraIssuer}", allowPrivateAddress: true}\n`;
  bench = await attackPlatform({
    policies: {
      'trusted-build-systems/azure.yml': system('azure'),
      'trusted-build-systems/other.yml': system('other', OTHER_ORGANIZATION),
      'trusted-build-systems/fenced.yml': system('fenced', FENCED_ORGANIZATION, ', addresses: [192.0.2.0/24]'),
      'projects/acme-app.yml': PROJECT,
    },
  });
});
afterAll(async () => {
  await bench.stop();
  await azure.close();
});

const job = (claims: Claims = {}) => azure.mintPipeline(claims);
const connection = (claims: Claims = {}) => azure.mintConnection(NAMED, claims);
const entra = (claims: Claims = {}) => azure.mintConnection(ENTRA, claims);
const pair = async (): Promise<Required<RequestTokens>> => ({ ci: await job(), serviceConnection: await connection() });
/** Times of a token that was made so many seconds ago. */
const earlier = (seconds: number, life = 600): Claims => {
  const iat = Math.floor(Date.now() / 1000) - seconds;
  return { iat, nbf: iat - 600, exp: iat + life };
};
let files = 0;
/** A request of this key for a file that no other request is about. */
const requestOf = (key: AttackerKey, forgery: Forgery = {}) => {
  files += 1;
  return bench.attacker.forge({ key, artifacts: [fileArtifact('app.bin', utf8(`file ${files}`))], ...forgery });
};

describe('a build of Azure Pipelines is signed', () => {
  test('with the tokens of its job and of a connection of Azure DevOps', async () => {
    const answer = await bench.submit(bench.attacker.forge(), await pair());
    expect(answer.outcome).toBe('200 completed');
  });

  test('with a connection whose issuer is Microsoft Entra, whose tokens have no jti', async () => {
    const tokens = { ci: await job(), serviceConnection: await entra() };
    expect((await bench.submit(bench.attacker.forge({ policy: 'entra' }), tokens)).outcome).toBe('200 completed');
  });

  test('with tokens that were made two minutes apart', async () => {
    const tokens = { ci: await job(earlier(120)), serviceConnection: await connection() };
    expect((await bench.submit(bench.attacker.forge(), tokens)).outcome).toBe('200 completed');
  });

  test('and asking for a decision first uses up and locks nothing', async () => {
    const tokens = await pair();
    const somebody = await bench.evaluate(bench.attacker.forge(), tokens);
    expect(somebody.outcome).toBe('200 allow');
    expect(textAt(somebody.json, 'binding')).toBe('proof');
    expect((await bench.submit(bench.attacker.forge(), tokens)).outcome).toBe('200 completed');
  });
});

describe('nothing is signed', () => {
  type Make = () => Promise<RequestTokens>;
  const both = async (ci: Promise<string>, serviceConnection: Promise<string>): Promise<RequestTokens> => ({
    ci: await ci,
    serviceConnection: await serviceConnection,
  });
  const now = (): number => Math.floor(Date.now() / 1000);
  const elsewhere = (): string => azure.issuer(OTHER_ORGANIZATION);

  test.each<[string, string, Make]>([
    [
      'for an organization that nobody trusts',
      '401 token.issuer_unknown',
      () => both(job({ org_id: '99999999-2222-4333-8444-555555555555' }), connection()),
    ],
    [
      'for a trusted organization that the project does not link',
      '403 project.unknown',
      () => both(job({ org_id: OTHER_ORGANIZATION }), connection({ iss: elsewhere() })),
    ],
    [
      'for a token that names another organization than its issuer',
      '401 token.origin',
      () => both(job({ iss: azure.issuer(), org_id: OTHER_ORGANIZATION }), connection()),
    ],
    [
      'from an address that its system does not list',
      '401 token.address',
      () => both(job({ org_id: FENCED_ORGANIZATION }), connection({ iss: azure.issuer(FENCED_ORGANIZATION) })),
    ],
    ['for another repository', '403 project.unknown', () => both(job({ rpo_id: OTHER_ORGANIZATION }), connection())],
    [
      'for a repository of that id in another project',
      '403 project.unknown',
      () => both(job({ prj_id: OTHER_ORGANIZATION }), connection()),
    ],
    [
      'with the connection of another organization',
      '401 token.issuer_unknown',
      () => both(job(), connection({ iss: elsewhere() })),
    ],
    [
      'with the connection of another organization at the common issuer',
      '401 token.pair',
      () => both(job(), entra({ sub: `/eid1/c/pub/t/a/a/b/sc/${OTHER_ORGANIZATION}/${ENTRA.id}` })),
    ],
    [
      'with a connection that is named at the common issuer',
      '401 token.pair',
      () => both(job(), entra({ sub: 'sc://acme/app/prod-signing' })),
    ],
    ['with tokens that were made ten minutes apart', '401 token.pair', () => both(job(), connection(earlier(590)))],
    [
      'with tokens that were made ten minutes apart the other way round',
      '401 token.pair',
      () => both(job(earlier(590)), entra()),
    ],
    [
      'for the merge of a pull request',
      '403 token.pull_request',
      () => both(job({ rpo_ref: 'refs/pull/17/merge' }), connection()),
    ],
    [
      'for the token of a connection in place of the job’s',
      '401 token.claim_missing',
      () => both(connection(), connection()),
    ],
    ['for a token of Entra in place of the job’s', '401 token.issuer_unknown', () => both(entra(), entra())],
    ['for two tokens of the job', '401 token.claim_type', () => both(job(), job())],
    [
      'for a token for another audience',
      '401 token.audience',
      () => both(job({ aud: bench.signer.url }), connection()),
    ],
    [
      'for a token for two audiences',
      '401 token.audience',
      () => both(job({ aud: ['api://AzureADTokenExchange', bench.signer.url] }), connection()),
    ],
    [
      'for a connection’s token for another audience',
      '401 token.audience',
      () => both(job(), connection({ aud: bench.signer.url })),
    ],
    ['for an expired token', '401 token.time', () => both(job(earlier(700)), connection())],
    ['for an expired token of a connection', '401 token.time', () => both(job(), connection(earlier(700)))],
    [
      'for a token of a connection that is an hour old and still valid',
      '401 token.time',
      () => both(job(), entra(earlier(2_000, 3_600))),
    ],
    ['for a token that lives for a day', '401 token.time', () => both(job({ exp: now() + 86_400 }), connection())],
    ['for a token without jti', '401 token.claim_missing', () => both(job({ jti: undefined }), connection())],
    ['for a token that is none beside the job’s', '401 token.malformed', () => both(job(), Promise.resolve('a.b'))],
  ])('%s', async (_name, outcome, make) => {
    expect(await bench.refused(bench.attacker.forge(), await make())).toBe(outcome);
  });

  test.each<[string, readonly string[], Make, string?]>([
    ['with the token of the job alone', ['azure.service_connection'], async () => ({ ci: await job() })],
    [
      'with another connection',
      ['azure.service_connection'],
      () => both(job(), azure.mintConnection({ ...NAMED, name: 'staging' })),
    ],
    [
      'with a connection of the same name in another project',
      ['azure.service_connection'],
      () => both(job(), connection({ sub: 'sc://acme/other/prod-signing' })),
    ],
    [
      'with another connection of Entra',
      ['azure.service_connection_id'],
      () => both(job(), azure.mintConnection({ ...ENTRA, id: NAMED.id })),
      'entra',
    ],
    ['for another pipeline', ['azure.def_id'], () => both(job({ def_id: '43' }), connection())],
    ['for a branch', ['azure.rpo_ref'], () => both(job({ rpo_ref: 'refs/heads/main' }), connection())],
  ])('%s, and the denial names what is wrong', async (_name, claims, make, policy = 'release') => {
    const before = bench.traces();
    const answer = await bench.submit(bench.attacker.forge({ policy }), await make());
    expect(answer.outcome).toBe('403 policy.denied');
    expect(failedClaims(answer)).toEqual(claims);
    expect(bench.traces()).toEqual(before);
  });
});

describe('a pair of tokens', () => {
  test('is used up, and so is each of them beside a fresh one', async () => {
    const key = attackerKey();
    const used = await pair();
    expect((await bench.submit(requestOf(key), used)).outcome).toBe('200 completed');
    expect(await bench.refused(requestOf(key), used)).toBe('409 token.replayed');
    const fresh = await pair();
    for (const tokens of [
      { ...fresh, ci: used.ci },
      { ...fresh, serviceConnection: used.serviceConnection },
    ]) {
      expect(await bench.refused(requestOf(key), tokens)).toBe('409 token.replayed');
    }
    // The fresh ones were not used up beside a used one.
    expect((await bench.submit(requestOf(key), fresh)).outcome).toBe('200 completed');
  });

  test('of Entra is used up without a jti', async () => {
    const key = attackerKey();
    const used = { ci: await job(), serviceConnection: await entra() };
    expect((await bench.submit(requestOf(key, { policy: 'entra' }), used)).outcome).toBe('200 completed');
    const mixed = { ci: await job(), serviceConnection: used.serviceConnection };
    expect(await bench.refused(requestOf(key, { policy: 'entra' }), mixed)).toBe('409 token.replayed');
  });

  test('belongs to the key that came first: a thief is too late', async () => {
    const tokens = await pair();
    expect((await bench.submit(requestOf(attackerKey()), tokens)).outcome).toBe('200 completed');
    const thief = requestOf(attackerKey());
    expect(await bench.refused(thief, tokens)).toBe('409 token.key');
    const { ci, serviceConnection } = await pair();
    expect(await bench.refused(thief, { ci: tokens.ci, serviceConnection })).toBe('409 token.key');
    expect(await bench.refused(requestOf(attackerKey()), { ci, serviceConnection: tokens.serviceConnection })).toBe(
      '409 token.key',
    );
  });

  test('tells its owner that somebody was faster', async () => {
    const tokens = await pair();
    expect((await bench.submit(requestOf(attackerKey()), tokens)).outcome).toBe('200 completed');
    const answer = await bench.submit(requestOf(attackerKey()), tokens);
    expect(answer.outcome).toBe('409 token.key');
    expect(textAt(answer.json, 'hint')).toContain('if nobody else could have used this one, look for who did');
  });

  test('is tied to its key by a denial too, and that key may try again', async () => {
    const key = attackerKey();
    const tokens = await pair();
    expect(await bench.refused(requestOf(key, { policy: 'entra' }), tokens)).toBe('403 policy.denied');
    expect(await bench.refused(requestOf(attackerKey()), tokens)).toBe('409 token.key');
    expect((await bench.submit(requestOf(key), tokens)).outcome).toBe('200 completed');
  });

  test('is not tied to a key that cannot sign the call', async () => {
    const tokens = await pair();
    const request = requestOf(attackerKey());
    const stolen = { ...request, key: attackerKey() };
    expect(await bench.refused(stolen, tokens)).toBe('401 request.signature');
    expect((await bench.submit(request, tokens)).outcome).toBe('200 completed');
  });

  test('that several keys present at once signs for one of them', async () => {
    const tokens = await pair();
    const requests = Array.from({ length: 6 }, () => requestOf(attackerKey()));
    const answers = await Promise.all(requests.map((request) => bench.submit(request, tokens)));
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['200 completed', ...Array.from({ length: 5 }, () => '409 token.key')]);
  });
});

test('issuers are asked for their discovery documents and keys and nothing else', () => {
  const organization = new URL(azure.issuer()).pathname;
  const kinds = azure.paths.map((path) => path.replace(/.*\/(?=\.well-known|discovery)/, ''));
  expect(azure.paths).toContain(`${organization}/.well-known/openid-configuration`);
  expect([...new Set(kinds)].sort()).toEqual([
    '.well-known/jwks',
    '.well-known/openid-configuration',
    'discovery/v2.0/keys',
  ]);
});
