import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { attackerKey, fileArtifact, type ForgedRequest, type Forgery } from '@originsign/testkit/forged-request';
import { startOidcIssuers, type OidcIssuer, type OidcIssuers } from '@originsign/testkit/oidc-issuer';
import { attackPlatform, failedClaims, type AttackedPlatform } from './attacked-platform.test.fixture.ts';
import { textAt } from './attacked-signer.test.fixture.ts';
import { PLATFORM_CASES, type PlatformCase, type RefusedCase } from './other-platforms.test.fixture.ts';

let issuers: OidcIssuers;
let bench: AttackedPlatform;
const byType = new Map<string, OidcIssuer>();
/** Trusted, and nobody has asked for its keys yet. */
let unused: OidcIssuer;

beforeAll(async () => {
  issuers = await startOidcIssuers();
  const policies: Record<string, string> = {};
  for (const platform of PLATFORM_CASES) {
    const issuer = await issuers.add(platform.path);
    byType.set(platform.type, issuer);
    const { type, repository, when } = platform;
    policies[`trusted-build-systems/${type}.yml`] =
      `{version: 1, id: ${type}, type: ${type}, issuer: "${issuer.url}", allowPrivateAddress: true}\n`;
    policies[`projects/${type}.yml`] = `version: 1
project: ${type}
owners: [group:team]
trustedBuildSystems: [${type}]
repositories: [{id: "${repository[0]}", ownerId: "${repository[1]}"}]
policies: {release: {keys: {raw: trial-raw}, allow: [{id: tag-build, when: {${when}}}]}}
`;
  }
  unused = await issuers.add('/unused');
  policies['trusted-build-systems/unused.yml'] =
    `{version: 1, id: unused, type: gitlab, issuer: "${unused.url}", allowPrivateAddress: true}\n`;
  bench = await attackPlatform({ policies });
});
afterAll(async () => {
  await bench.stop();
  await issuers.close();
});

let files = 0;
/** A request for a file that no other request is about. */
function requestOf({ type }: PlatformCase, forgery: Forgery = {}): ForgedRequest {
  files += 1;
  return bench.attacker.forge({
    project: type,
    artifacts: [fileArtifact('app.bin', utf8(`file ${files}`))],
    ...forgery,
  });
}

async function tokensFor(platform: PlatformCase, request: ForgedRequest, different: Partial<RefusedCase> = {}) {
  const audiences = { request: request.audience, server: bench.signer.url, other: 'https://other.example' };
  const usual = platform.binding === 'audience' ? 'request' : 'server';
  const lifetime = different.lifetime ?? platform.lifetime;
  const ci = await byType.get(platform.type)?.mint({
    audience: audiences[different.audience ?? usual],
    claims: { ...platform.claims, ...different.claims },
    ...(lifetime === undefined ? {} : { lifetime }),
  });
  return { ci: ci ?? '' };
}

describe.each(PLATFORM_CASES)('$type', (platform) => {
  test('signs, and says how the token was tied to the request', async () => {
    const request = requestOf(platform);
    const tokens = await tokensFor(platform, request);
    const decision = await bench.evaluate(request, tokens);
    expect(decision.outcome).toBe('200 allow');
    expect(textAt(decision.json, 'binding')).toBe(platform.binding);
    expect((await bench.submit(request, tokens)).outcome).toBe('200 completed');
  });

  test.each(platform.refused)('does not sign $name', async (refused) => {
    const request = requestOf(platform);
    const before = bench.traces();
    const answer = await bench.submit(request, await tokensFor(platform, request, refused));
    expect(answer.outcome).toBe(refused.outcome);
    if (refused.failed !== undefined) expect(failedClaims(answer)).toEqual(refused.failed);
    expect(bench.traces()).toEqual(before);
  });

  test('does not sign for an issuer that begins like the trusted one', async () => {
    const request = requestOf(platform);
    const elsewhere = { claims: { iss: `${byType.get(platform.type)?.url ?? ''}/more` } };
    expect(await bench.refused(request, await tokensFor(platform, request, elsewhere))).toBe(
      '401 token.issuer_unknown',
    );
  });

  test('keeps a token from thieves, and its owner from another request where it names the first', async () => {
    const key = attackerKey();
    const first = requestOf(platform, { key });
    const tokens = await tokensFor(platform, first);
    expect((await bench.submit(first, tokens)).outcome).toBe('200 completed');
    const bound = platform.binding === 'audience';
    expect(await bench.refused(requestOf(platform), tokens)).toBe(bound ? '401 token.audience' : '409 token.key');
    const again = await bench.submit(requestOf(platform, { key }), tokens);
    expect(again.outcome).toBe(bound ? '401 token.audience' : '200 completed');
  });
});

test('an old token of a platform whose jobs have one for their whole life is taken, and an expired one is not', async () => {
  const platform = PLATFORM_CASES.find(({ type }) => type === 'gitlab') ?? expect.fail();
  const now = Math.floor(Date.now() / 1000);
  const aged = (age: number) => ({ claims: { iat: now - age, nbf: now - age - 5, exp: now - age + 3600 } });
  const request = requestOf(platform);
  expect((await bench.submit(request, await tokensFor(platform, request, aged(3000)))).outcome).toBe('200 completed');
  const late = requestOf(platform);
  expect(await bench.refused(late, await tokensFor(platform, late, aged(3700)))).toBe('401 token.time');
});

test('a token that one trusted issuer signed in the name of another is refused', async () => {
  const platform = PLATFORM_CASES.find(({ type }) => type === 'gitlab') ?? expect.fail();
  const request = requestOf(platform);
  const tokens = await tokensFor(platform, request, { claims: { iss: unused.url } });
  expect(await bench.refused(request, tokens)).toBe('401 token.unknown_key');
});

test('the one token of a job makes sixteen requests of one key, and not one more', async () => {
  const platform = PLATFORM_CASES.find(({ type }) => type === 'bitbucket') ?? expect.fail();
  const key = attackerKey();
  const tokens = await tokensFor(platform, requestOf(platform));
  const answers = await Promise.all(
    Array.from({ length: 17 }, () => bench.submit(requestOf(platform, { key }), tokens)),
  );
  const outcomes = answers.map(({ outcome }) => outcome).sort();
  expect(outcomes).toEqual([...Array.from({ length: 16 }, () => '200 completed'), '409 token.replayed']);
});
