import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import type { KeySetServing } from '@originsign/testkit/key-set-serving';
import { attackSigner, flipped, systemFile, type AttackedSigner } from './attacked-signer.test.fixture.ts';

/** What an issuer does wrong, and the answer to a token of it. Each issuer is its own, as its keys are fetched once. */
interface KeyCase {
  readonly name: string;
  readonly outcome: string;
  /** How the key set is served. */
  readonly serving?: (issuer: GithubIssuer) => KeySetServing;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly token?: (token: string) => string;
}

const UNAVAILABLE = '503 issuer.keys_unavailable';
const keys = (...jwks: readonly unknown[]): KeySetServing => ({ kind: 'body', body: JSON.stringify({ keys: jwks }) });
const jwkOf = (type: 'weak' | 'ec'): JsonWebKey =>
  (type === 'weak'
    ? generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  ).export({ format: 'jwk' });
const inPart =
  (index: number) =>
  (token: string): string =>
    token
      .split('.')
      .map((part, at) => (at === index ? flipped(part, 40) : part))
      .join('.');

const CASES: readonly KeyCase[] = [
  { name: 'a signature with another bit', token: inPart(2), outcome: '401 token.signature' },
  { name: 'a key id that is not published', header: { kid: 'another' }, outcome: '401 token.unknown_key' },
  { name: 'no key id', header: { kid: undefined }, outcome: '401 token.unknown_key' },
  { name: 'a key id that is a member of objects', header: { kid: '__proto__' }, outcome: '401 token.unknown_key' },
  {
    name: 'another key under the same id',
    serving: (issuer) => keys(impostor(issuer)),
    outcome: '401 token.signature',
  },
  {
    name: 'a key of the same id on a curve',
    serving: (issuer) => keys({ ...jwkOf('ec'), kid: issuer.publicJwk().kid }),
    outcome: '401 token.signature',
  },
  {
    name: 'a key of 1024 bits',
    serving: (issuer) => keys({ ...jwkOf('weak'), kid: issuer.publicJwk().kid }),
    outcome: UNAVAILABLE,
  },
  { name: 'an exponent of one', serving: (issuer) => keys({ ...issuer.publicJwk(), e: 'AQ' }), outcome: UNAVAILABLE },
  {
    name: 'a symmetric key',
    serving: (issuer) => keys({ kty: 'oct', k: 'AAAA', kid: issuer.publicJwk().kid, alg: 'RS256' }),
    outcome: UNAVAILABLE,
  },
  {
    name: 'a key for encryption',
    serving: (issuer) => keys({ ...issuer.publicJwk(), use: 'enc' }),
    outcome: UNAVAILABLE,
  },
  {
    name: 'a key for another algorithm',
    serving: (issuer) => keys({ ...issuer.publicJwk(), alg: 'RS512' }),
    outcome: UNAVAILABLE,
  },
  {
    name: 'two keys of one id',
    serving: (issuer) => keys(issuer.publicJwk(), { ...jwkOf('ec'), kid: issuer.publicJwk().kid }),
    outcome: UNAVAILABLE,
  },
  {
    name: '33 keys',
    serving: (issuer) => keys(...Array.from({ length: 33 }, (_, n) => ({ ...issuer.publicJwk(), kid: String(n) }))),
    outcome: UNAVAILABLE,
  },
  { name: 'no keys', serving: () => keys(), outcome: UNAVAILABLE },
  { name: 'a key set that is no JSON', serving: () => ({ kind: 'body', body: '<html>' }), outcome: UNAVAILABLE },
  {
    name: 'a member twice',
    serving: (issuer) => ({ kind: 'body', body: `{"keys":[],"keys":[${JSON.stringify(issuer.publicJwk())}]}` }),
    outcome: UNAVAILABLE,
  },
  {
    name: 'a key set of 100 KB',
    serving: (issuer) => ({
      kind: 'body',
      body: JSON.stringify({ keys: [issuer.publicJwk()], filler: 'x'.repeat(100_000) }),
    }),
    outcome: UNAVAILABLE,
  },
  { name: 'a body without end', serving: () => ({ kind: 'endless' }), outcome: UNAVAILABLE },
  {
    name: 'an error',
    serving: (issuer) => ({ kind: 'body', status: 500, body: JSON.stringify({ keys: [issuer.publicJwk()] }) }),
    outcome: UNAVAILABLE,
  },
  {
    name: 'a redirect',
    serving: (issuer) => ({ kind: 'redirect', location: `${issuer.url}/.well-known/openid-configuration` }),
    outcome: UNAVAILABLE,
  },
  { name: 'silence', serving: () => ({ kind: 'silent' }), outcome: UNAVAILABLE },
];

/** The id of the issuer's key on the modulus of another. */
function impostor(issuer: GithubIssuer): Record<string, unknown> {
  const { n, e } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  return { ...issuer.publicJwk(), n, e };
}

let bench: AttackedSigner;
let issuers: readonly GithubIssuer[];
beforeAll(async () => {
  issuers = await Promise.all(CASES.map(() => startGithubIssuer()));
  for (const [index, { serving }] of CASES.entries()) {
    const issuer = issuers[index];
    if (issuer !== undefined && serving !== undefined) issuer.serveKeySet(serving(issuer));
  }
  const files = issuers.map(({ url }, index) => [`trusted-build-systems/s${index}.yml`, systemFile(`s${index}`, url)]);
  bench = await attackSigner({ policies: Object.fromEntries(files) as Record<string, string> });
});
afterAll(async () => {
  await bench.stop();
  await Promise.all(issuers.map((issuer) => issuer.close()));
});

describe('an issuer with', () => {
  test.each(CASES.map((one, index) => [one.name, one, index] as const))('%s is refused', async (_name, one, index) => {
    const before = bench.traces();
    const request = bench.attacker.forge();
    const minted = (await issuers[index]?.mint(request.audience, { header: one.header ?? {} })) ?? '';
    const answer = await bench.attacker.submit(request, one.token?.(minted) ?? minted);
    expect(answer.outcome).toBe(one.outcome);
    // What may pass is said to pass, and what may not is not.
    expect(answer.headers['retry-after'] !== undefined).toBe(answer.status === 503);
    expect(bench.traces()).toEqual(before);
  });

  test('a key that changed a moment after it was fetched is answered with 503 and not with a refusal', async () => {
    expect((await bench.submit()).answer.outcome).toBe('200 completed');
    const request = bench.attacker.forge();
    const old = await bench.tokenOf(request);
    await bench.issuer.rotateKey(true);
    const before = bench.traces();
    // The keys were fetched a moment ago: whether the key has changed is not asked again at once, and that is no refusal.
    const answer = await bench.attacker.submit(request, await bench.tokenOf(request));
    expect(answer.outcome).toBe(UNAVAILABLE);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(bench.traces()).toEqual(before);
    const earlier = await bench.attacker.settle(request, await bench.attacker.submit(request, old));
    expect(earlier.outcome).toBe('200 completed');
  });
});

test('a genuine token of a trusted issuer that no project names signs nothing', async () => {
  const request = bench.attacker.forge();
  const before = bench.traces();
  const known = CASES.findIndex(({ name }) => name === 'a signature with another bit');
  const token = (await issuers[known]?.mint(request.audience)) ?? '';
  // Same repository ids, another installation: the link of a project names the system too.
  expect((await bench.attacker.submit(request, token)).outcome).toBe('403 project.unknown');
  expect(bench.traces()).toEqual(before);
});

test('issuers are asked for nothing but their discovery document and keys, and never by a token of an unknown one', async () => {
  const stranger = await startGithubIssuer();
  const request = bench.attacker.forge();
  const answer = await bench.attacker.submit(request, await stranger.mint(request.audience));
  expect(answer.outcome).toBe('401 token.issuer_unknown');
  expect(stranger.paths).toEqual([]);
  await stranger.close();
  const asked = new Set(issuers.flatMap(({ paths }) => paths));
  expect([...asked].sort()).toEqual(['/.well-known/jwks', '/.well-known/openid-configuration']);
});
