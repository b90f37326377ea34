import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGithubIssuer, type GithubIssuer, type IssuerJob } from './github-issuer.ts';

let issuer: GithubIssuer;

beforeAll(async () => {
  issuer = await startGithubIssuer();
});
afterAll(() => issuer.close());

async function ask({ environment }: IssuerJob, audience: string, bearer?: string): Promise<Response> {
  const url = new URL(environment.ACTIONS_ID_TOKEN_REQUEST_URL);
  url.searchParams.set('audience', audience);
  const token = bearer ?? environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  return fetch(url, { headers: { authorization: `Bearer ${token}` } });
}

test('hands a job a token for the audience that it asks for, signed by a published key', async () => {
  const job = issuer.startJob({ environment: 'production' });
  const response = await ask(job, 'https://sign.acme.example/v1/signing-requests/x');
  const { count, value } = (await response.json()) as { count: number; value: string };
  const keys = createRemoteJWKSet(new URL(`${issuer.url}/.well-known/jwks`));
  const { payload, protectedHeader } = await jwtVerify(value, keys, { issuer: issuer.url });
  expect(count).toBe(value.length);
  expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
  expect(payload).toMatchObject({ environment: 'production', run_attempt: '1', aud: job.audiences[0] });
  expect([(payload.exp ?? 0) - (payload.iat ?? 0), (payload.iat ?? 0) - (payload.nbf ?? 0)]).toEqual([300, 600]);
});

test('gives nothing to another bearer, and no two tokens one id', async () => {
  const [one, other] = [issuer.startJob(), issuer.startJob()];
  expect((await ask(one, 'a', other.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN)).status).toBe(401);
  expect(one.audiences).toEqual([]);
  const [first, second] = [await issuer.mint('a'), await issuer.mint('a')].map((token) => decodeJwt(token).jti);
  expect(first).not.toBe(second);
});

test('is out of order as often as it was told', async () => {
  const job = issuer.startJob({}, 2);
  const states = [await ask(job, 'a'), await ask(job, 'a'), await ask(job, 'a')].map(({ status }) => status);
  expect(states).toEqual([503, 503, 200]);
  expect(job.audiences).toEqual(['a']);
});

test('rotates its key, under the same id where asked to', async () => {
  const { kid, n } = issuer.publicJwk();
  await issuer.rotateKey(true);
  expect([issuer.publicJwk().kid === kid, issuer.publicJwk().n === n]).toEqual([true, false]);
  await issuer.rotateKey();
  expect(issuer.publicJwk().kid).not.toBe(kid);
});
