import { createVerify, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { GITHUB_API_TOKEN, startGithubApi, type GithubApi } from '@originsign/testkit/github-api';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import { configOf, githubQuestion, realPorts } from './connectors.test.fixture.ts';
import type { OriginConnector } from './origin-connector.ts';

const CLIENT_ID = 'Iv23liABCDEF';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const OTHER_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
});

const ports = realPorts();
let github: GithubApi;

/** As GitHub checks it: RS256 by the key of the app, no older than a minute, no longer than ten. */
function isAppToken(token: string): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  const now = ports.now().getTime() / 1000;
  const { iat, exp, iss } = read(payload) as { iat: number; exp: number; iss: string };
  const isTimely = iat <= now && exp > now && exp - iat <= 600;
  const isSigned = createVerify('sha256').update(`${header}.${payload}`).verify(publicKey, signature, 'base64url');
  return (read(header) as { alg: string }).alg === 'RS256' && iss === CLIENT_ID && isTimely && isSigned;
}

beforeAll(async () => {
  github = await startGithubApi(isAppToken);
});
afterAll(async () => {
  await github.close();
  await ports.close();
});
beforeEach(() => {
  github.interfere();
  github.addRun();
  github.addJobs([{}]);
  github.addRules([]);
});

const connector = (token: string): OriginConnector =>
  createConnector(configOf('github-actions', github.url, { user: CLIENT_ID, token }), ports);

test('the key of an app is exchanged for a token of its installation, once for many runs', async () => {
  const bodies: unknown[] = [];
  const fetch: typeof ports.fetch = (url, options) => {
    if (options.body !== undefined) bodies.push(JSON.parse(Buffer.from(options.body).toString()));
    return ports.fetch(url, options);
  };
  const config = configOf('github-actions', github.url, { user: CLIENT_ID, token: KEY });
  const { lookUp } = createConnector(config, { fetch, now: ports.now });
  const exchanges = (): number => github.calls.filter((call) => call.endsWith('/access_tokens')).length;
  expect(await lookUp(githubQuestion())).toMatchObject({ 'github.run_status': 'in_progress' });
  expect([exchanges(), bodies]).toEqual([1, [{ repositories: ['app'] }]]);
  ports.clock.forward(44 * 60_000);
  await lookUp(githubQuestion());
  expect(exchanges()).toBe(1);
  ports.clock.forward(60_000);
  await lookUp(githubQuestion());
  expect(exchanges()).toBe(2);
});

test('a key of another app, an app that is not installed, and one that is suspended are refused', async () => {
  expect(await codeOfAsync(() => connector(OTHER_KEY.toString()).lookUp(githubQuestion()))).toBe('connector.refused');
  github.interfere({ kind: 'body', status: 404, body: '{}' }, '/repos/acme/app/installation');
  expect(await codeOfAsync(() => connector(KEY).lookUp(githubQuestion()))).toBe('connector.disagrees');
  github.interfere({ kind: 'body', status: 403, body: '{}' }, '/app/installations/1234567/access_tokens');
  expect(await codeOfAsync(() => connector(KEY).lookUp(githubQuestion()))).toBe('connector.refused');
});

test('neither the key nor the tokens made with it are in an error', async () => {
  const { lookUp } = connector(KEY);
  const answers = [
    '/repos/acme/app/installation',
    '/app/installations/1234567/access_tokens',
    '/repos/acme/app/actions/runs/18446744073',
  ];
  for (const path of answers) {
    github.interfere({ kind: 'body', status: 500, body: JSON.stringify({ token: GITHUB_API_TOKEN }) }, path);
    const shown = inspect(await refusalOf(() => lookUp(githubQuestion())), { depth: 9, showHidden: true });
    expect(shown).not.toMatch(/eyJ|PRIVATE KEY/);
    expect(shown).not.toContain(GITHUB_API_TOKEN);
  }
});
