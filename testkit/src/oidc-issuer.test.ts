import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOidcIssuers, type OidcIssuer, type OidcIssuers } from './oidc-issuer.ts';

let issuers: OidcIssuers;
let one: OidcIssuer;
let other: OidcIssuer;
beforeAll(async () => {
  issuers = await startOidcIssuers();
  [one, other] = [await issuers.add('/api/actions'), await issuers.add('')];
});
afterAll(() => issuers.close());

async function keysOf({ url }: OidcIssuer) {
  const answer = await fetch(`${url}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: uri } = (await answer.json()) as Readonly<Record<string, string>>;
  expect(issuer).toBe(url);
  return createRemoteJWKSet(new URL(uri ?? ''));
}

describe('issuers on one port', () => {
  it('make tokens that verify against what they publish', async () => {
    const token = await one.mint({ audience: 'a', claims: { sub: 'x', nbf: undefined }, lifetime: 60 });
    const { payload } = await jwtVerify(token, await keysOf(one), { issuer: one.url, audience: 'a' });
    expect(payload).toMatchObject({ sub: 'x' });
    expect(payload).not.toHaveProperty('nbf');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  it('do not verify each other', async () => {
    const token = await one.mint({ audience: 'a', claims: { iss: other.url } });
    await expect(jwtVerify(token, await keysOf(other), { issuer: other.url })).rejects.toThrow(/signature|key/);
  });

  it('can serve broken key sets, and nothing below other paths', async () => {
    other.serveKeySet({ kind: 'body', body: '{}' });
    expect(await (await fetch(`${other.url}/.well-known/keys`)).text()).toBe('{}');
    other.serveKeySet();
    expect((await fetch(`${other.url}/.well-known/keys`)).status).toBe(200);
    expect((await fetch(`${other.url}/elsewhere/.well-known/keys`)).status).toBe(404);
    expect(issuers.paths).toContain('/elsewhere/.well-known/keys');
  });
});
