import type { ServerResponse } from 'node:http';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startJenkinsIssuer, type JenkinsCredential, type JenkinsIssuer } from './jenkins-issuer.ts';

const BUILD = { job: 'team/app/main', number: 17 };
let jenkins: JenkinsIssuer;
let root: JenkinsCredential;
let folder: JenkinsCredential;

beforeAll(async () => {
  jenkins = await startJenkinsIssuer();
  root = await jenkins.addCredential({ id: 'originsign-root' });
  folder = await jenkins.addCredential({ id: 'originsign', folder: 'team/app', audience: 'https://sign.acme.example' });
});
afterAll(() => jenkins.close());

const keysOf = ({ issuer }: JenkinsCredential) => createRemoteJWKSet(new URL(`${issuer}/jwks`));
const keySet = async (path: string) => (await fetch(`${jenkins.rootUrl}oidc${path}/jwks`)).json();

test('makes tokens of the plugin: an array of audiences, an hour, no jti and no nbf', async () => {
  const { payload, protectedHeader } = await jwtVerify(await folder.mint(BUILD), keysOf(folder));
  expect(protectedHeader).toEqual({ kid: 'originsign', typ: 'JWT', alg: 'RS256' });
  expect(payload).toEqual({
    iss: `${jenkins.rootUrl}oidc/job/team/job/app`,
    aud: ['https://sign.acme.example'],
    iat: payload.iat,
    exp: (payload.iat ?? 0) + 3600,
    sub: `${jenkins.rootUrl}job/team/job/app/job/main/`,
    build_number: 17,
  });
});

test('makes a token without audience, and any other claims', async () => {
  expect(decodeJwt(await root.mint(BUILD))).toMatchObject({ iss: `${jenkins.rootUrl}oidc`, aud: [null] });
  const changed = decodeJwt(await root.mint(BUILD, { branch_name: 'main', aud: undefined }));
  expect([changed['branch_name'], 'aud' in changed]).toEqual(['main', false]);
});

test('gives every binding a token of its own', async () => {
  const url = folder.bindingUrl(BUILD, { branch_name: 'main' });
  const [first, second] = [await (await fetch(url)).text(), await (await fetch(url)).text()];
  for (const token of [first, second]) await jwtVerify(token, keysOf(folder));
  expect(decodeJwt(first)).toMatchObject({ build_number: 17, branch_name: 'main' });
});

test('publishes the keys of each folder alone, with the zero byte of Java', async () => {
  expect(await keySet('')).toEqual({ keys: [root.publicJwk()] });
  expect(await keySet('/job/team/job/app')).toEqual({ keys: [folder.publicJwk()] });
  const n = Buffer.from(folder.publicJwk().n ?? '', 'base64url');
  expect([n.length, n[0]]).toEqual([257, 0]);
});

test.each(['oidc/job/team/jwks', 'oidc/job/none/.well-known/openid-configuration', 'oidc', 'binding/99', 'jwks'])(
  'knows nothing of %s',
  async (path) => {
    expect((await fetch(jenkins.rootUrl + path)).status).toBe(404);
  },
);

test('says in its discovery document where the keys are', async () => {
  const response = await fetch(`${folder.issuer}/.well-known/openid-configuration`);
  expect(await response.json()).toMatchObject({ issuer: folder.issuer, jwks_uri: `${folder.issuer}/jwks` });
});

test('serves no key of a credential whose issuer is elsewhere', async () => {
  const elsewhere = await jenkins.addCredential({
    id: 'else',
    folder: 'other',
    issuer: 'https://id.acme.example/jenkins',
  });
  expect(decodeJwt(await elsewhere.mint(BUILD)).iss).toBe('https://id.acme.example/jenkins');
  expect((await fetch(`${jenkins.rootUrl}oidc/job/other/jwks`)).status).toBe(404);
});

test('leaves what is not of the plugin to somebody else', async () => {
  const options = { otherwise: (_: unknown, response: ServerResponse) => void response.end('the rest') };
  const other = await startJenkinsIssuer(options);
  expect(await (await fetch(`${other.rootUrl}job/app/17/api/json`)).text()).toBe('the rest');
  expect((await fetch(`${other.rootUrl}oidc/jwks`)).status).toBe(404);
  await other.close();
});

test('rotates a key under the same id, and the old one is gone at once', async () => {
  const old = await folder.mint(BUILD);
  await folder.rotateKey();
  await expect(jwtVerify(old, keysOf(folder))).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  expect((await jwtVerify(await folder.mint(BUILD), keysOf(folder))).protectedHeader.kid).toBe('originsign');
});
