import { utf8, utf8Text } from '@originsign/core/encoding/bytes';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import type { KeySetServing } from '@originsign/testkit/key-set-serving';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGuardedFetch } from '../egress/guarded-fetch.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { keyDocumentSource, type FetchDocument, type IssuerConfig } from './key-document.ts';
import { platform } from './token.test.fixture.ts';
import { verifyToken, type TokenContext } from './verify-token.ts';

const noFile = (): Promise<Uint8Array> => Promise.reject(new Error('no file'));
const issuerAt = (issuer: string, change: Partial<IssuerConfig> = {}): IssuerConfig => ({
  id: 'ci',
  issuer,
  allowPrivateAddress: true,
  ...change,
});

describe('what a real server on loopback answers', () => {
  const egress = createGuardedFetch();
  let issuer: GithubIssuer;
  let elsewhere: GithubIssuer;
  let time = 0;

  beforeAll(async () => {
    [issuer, elsewhere] = await Promise.all([startGithubIssuer(), startGithubIssuer()]);
  });
  beforeEach(() => {
    issuer.serveKeySet();
    patience = 20_000;
    time = Date.now();
  });
  afterAll(async () => {
    await Promise.all([issuer.close(), elsewhere.close(), egress.close()]);
  });

  /** Short while answers are hostile, so that slow ones do not make slow tests; running out of it is a refusal like theirs. */
  let patience = 0;
  const patient: FetchDocument = (url, options) => egress.fetch(url, { ...options, timeout: patience });
  const turnHostile = (serving: KeySetServing): void => {
    issuer.serveKeySet(serving);
    patience = 300;
  };
  const context = (): TokenContext => ({
    systemByIssuer: (iss) => (iss === issuer.url ? { config: issuerAt(issuer.url), platform: platform() } : undefined),
    keys: createIssuerKeys({
      source: keyDocumentSource(patient, noFile),
      now: () => new Date(time),
      onKeySet: () => Promise.resolve(),
    }),
    audience: { request: 'https://sign.acme.example/v1/signing-requests/x', server: 'https://sign.acme.example' },
    now: new Date(time),
  });
  const good = (): Promise<string> => issuer.mint('https://sign.acme.example/v1/signing-requests/x');

  test('keys found by discovery verify a token of the issuer', async () => {
    const verified = await verifyToken(await good(), context());
    expect(verified.claims['github.repository_id']).toBe('771245825');
  });

  test('a token of an issuer that only resembles it makes no request at all', async () => {
    const before = [...issuer.paths];
    const text = await elsewhere.mint('https://sign.acme.example/v1/signing-requests/x');
    const stolen = await elsewhere.mint('x', { claims: { iss: `${issuer.url}/` } });
    expect(await codeOfAsync(() => verifyToken(text, context()))).toBe('token.issuer_unknown');
    expect(await codeOfAsync(() => verifyToken(stolen, context()))).toBe('token.issuer_unknown');
    expect(issuer.paths).toEqual(before);
    expect(elsewhere.paths).toEqual([]);
  });

  test('a key that is rotated under its old id costs one refusal at most', async () => {
    const shared = context();
    await verifyToken(await good(), shared);
    await issuer.rotateKey(true);
    const text = await good();
    const refusal = await refusalOf(() => verifyToken(text, shared));
    expect([refusal.code, refusal.retryAfter]).toEqual(['issuer.keys_unavailable', 30]);
    time += 30_000;
    expect(await codeOfAsync(() => verifyToken(text, shared))).toBe('accepted');
  });

  const hostile: readonly (readonly [string, () => KeySetServing])[] = [
    ['an endless key set', () => ({ kind: 'endless' })],
    ['a key set that drips', () => ({ kind: 'drip' })],
    ['no answer at all', () => ({ kind: 'silent' })],
    ['a redirect to the metadata of a cloud', () => ({ kind: 'redirect', location: 'http://169.254.169.254/latest/' })],
    ['a redirect to another server', () => ({ kind: 'redirect', location: `${elsewhere.url}/.well-known/jwks` })],
    ['65 kB', () => ({ kind: 'body', body: `{"keys":[${' '.repeat(65 * 1024)}]}` })],
    ['10,000 keys', () => ({ kind: 'body', body: JSON.stringify({ keys: Array(10_000).fill(0) }) })],
    ['a compressed body', () => ({ kind: 'body', body: 'x', headers: { 'content-encoding': 'gzip' } })],
    ['an error page', () => ({ kind: 'body', body: '<html>', status: 500 })],
    ['another document', () => ({ kind: 'body', body: '{"keys":{}}' })],
    ['nothing', () => ({ kind: 'body', body: '' })],
  ];

  test.each(hostile)('%s: no keys at first, the old keys later', async (_, serving) => {
    const shared = context();
    await verifyToken(await good(), shared);
    turnHostile(serving());
    expect(await codeOfAsync(async () => verifyToken(await good(), context()))).toBe('issuer.keys_unavailable');
    time += 10 * 60_000;
    expect(await codeOfAsync(async () => verifyToken(await good(), shared))).toBe('accepted');
    expect(elsewhere.paths).toEqual([]);
  });

  test('an address that is not allowed is never connected to', async () => {
    const before = [...issuer.paths];
    const source = keyDocumentSource(egress.fetch, noFile);
    const code = await codeOfAsync(() => source(issuerAt(issuer.url, { allowPrivateAddress: false })));
    expect(code).toBe('egress.refused');
    expect(issuer.paths).toEqual(before);
  });
});

describe('discovery', () => {
  const KEYS = utf8('{"keys":[]}');
  const asked: string[] = [];
  /** Serves one discovery document and, anywhere else, the keys. */
  const serving =
    (document: unknown, status = 200): FetchDocument =>
    (url, options) => {
      asked.push(`${url} ${options.allowHttp}`);
      const isDiscovery = url.endsWith('/.well-known/openid-configuration');
      const body = isDiscovery ? utf8(typeof document === 'string' ? document : JSON.stringify(document)) : KEYS;
      return Promise.resolve({ status: isDiscovery ? status : 200, body });
    };
  const fetchFrom = (
    document: unknown,
    issuer: IssuerConfig = issuerAt('https://ci.example'),
    status = 200,
  ): Promise<Uint8Array> => keyDocumentSource(serving(document, status), noFile)(issuer);

  beforeEach(() => {
    asked.length = 0;
  });

  test('takes the keys from where the issuer says, on its own host', async () => {
    await fetchFrom({ issuer: 'https://ci.example', jwks_uri: 'https://ci.example/keys' });
    expect(asked).toEqual([
      'https://ci.example/.well-known/openid-configuration false',
      'https://ci.example/keys false',
    ]);
  });

  test('of an issuer with a path or a slash at its end', async () => {
    await fetchFrom(
      { issuer: 'https://ci.example/oidc/', jwks_uri: 'https://ci.example/keys' },
      issuerAt('https://ci.example/oidc/'),
    );
    expect(asked[0]).toBe('https://ci.example/oidc/.well-known/openid-configuration false');
  });

  test('is left out where the address is configured, also on another host', async () => {
    const issuer = issuerAt('https://ci.example', { jwksUri: 'https://keys.example/ci' });
    expect(await fetchFrom('', issuer)).toBe(KEYS);
    expect(asked).toEqual(['https://keys.example/ci false']);
  });

  test('and everything else is left out where the keys are pinned in a file', async () => {
    const source = keyDocumentSource(serving(''), (path) => Promise.resolve(utf8(path)));
    expect(utf8Text(await source(issuerAt('https://ci.example', { keysFile: 'ci.json' })))).toBe('ci.json');
    expect(asked).toEqual([]);
  });

  test.each<readonly [string, unknown, string]>([
    [
      'names another issuer',
      { issuer: 'https://ci.example/', jwks_uri: 'https://ci.example/keys' },
      'issuer.keys_unavailable',
    ],
    ['names no issuer', { jwks_uri: 'https://ci.example/keys' }, 'issuer.keys_unavailable'],
    [
      'places the keys on another host',
      { issuer: 'https://ci.example', jwks_uri: 'https://ci.example.evil/keys' },
      'issuer.keys_unavailable',
    ],
    [
      'places the keys on another port',
      { issuer: 'https://ci.example', jwks_uri: 'https://ci.example:8443/keys' },
      'issuer.keys_unavailable',
    ],
    [
      'places the keys on plain http',
      { issuer: 'https://ci.example', jwks_uri: 'http://ci.example/keys' },
      'issuer.keys_unavailable',
    ],
    [
      'places the keys in a file',
      { issuer: 'https://ci.example', jwks_uri: 'file:///etc/passwd' },
      'issuer.keys_unavailable',
    ],
    ['names no place', { issuer: 'https://ci.example' }, 'issuer.keys_unavailable'],
    [
      'names a list of places',
      { issuer: 'https://ci.example', jwks_uri: ['https://ci.example/keys'] },
      'issuer.keys_unavailable',
    ],
    ['is a list', [], 'issuer.keys_unavailable'],
    ['is no JSON', '<html>', 'json.malformed'],
    ['names the issuer twice', '{"issuer":"https://ci.example","issuer":"https://ci.example"}', 'json.duplicate_key'],
  ])('is refused where it %s', async (_, document, code) => {
    expect(await codeOfAsync(() => fetchFrom(document))).toBe(code);
    expect(asked).toHaveLength(1);
  });

  test('is refused where its status is not 200', async () => {
    expect(await codeOfAsync(() => fetchFrom({}, undefined, 404))).toBe('issuer.keys_unavailable');
  });
});
