import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { startAzureIssuer, type AzureIssuer, type AzureJob } from './azure-issuer.ts';

const CONNECTION = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const OTHER = '11111111-2222-4333-8444-555555555555';
let issuer: AzureIssuer;
beforeAll(async () => {
  issuer = await startAzureIssuer();
});
afterAll(() => issuer.close());

async function ask(job: AzureJob, query = 'api-version=7.1', init: RequestInit = {}) {
  const response = await fetch(`${job.requestUri}?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${job.accessToken}` },
    body: '{}',
    ...init,
  });
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> };
}

async function verified(token: unknown, iss: string) {
  const discovery = (await (await fetch(`${iss}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  expect(discovery['issuer']).toBe(iss);
  const keys = createRemoteJWKSet(new URL(discovery['jwks_uri'] ?? ''));
  const { payload } = await jwtVerify(String(token), keys, { issuer: iss, audience: 'api://AzureADTokenExchange' });
  return payload;
}

describe('the stand-in for Azure DevOps', () => {
  it('makes pipeline tokens under the issuer of the organization', async () => {
    const { body } = await ask(issuer.startJob({ claims: { rpo_ref: 'refs/heads/main' } }));
    const payload = await verified(body['oidcToken'], issuer.issuer());
    expect(payload).toMatchObject({ sub: 'p://acme/app/release', def_id: '42', rpo_ref: 'refs/heads/main' });
    expect([(payload.exp ?? 0) - (payload.iat ?? 0), (payload.iat ?? 0) - (payload.nbf ?? 0)]).toEqual([600, 600]);
  });

  it.each([
    ['azure-devops', /^sc:\/\/acme\/app\/prod-signing$/],
    ['entra', new RegExp(`/sc/[0-9a-f-]{36}/${CONNECTION}$`)],
  ] as const)('makes tokens of connections of %s with nothing of the build', async (kind, sub) => {
    const job = issuer.startJob({ connections: [{ id: CONNECTION, kind }] });
    const { body } = await ask(job, `api-version=7.1&serviceConnectionId=${CONNECTION}`);
    const payload = await verified(body['oidcToken'], kind === 'entra' ? issuer.entraIssuer : issuer.issuer());
    expect(payload.sub).toMatch(sub);
    expect(Object.keys(payload)).not.toContain('rpo_ver');
    expect(job.asked).toEqual([CONNECTION]);
  });

  it('signs for every organization with one key', async () => {
    const token = await issuer.mintPipeline({ org_id: OTHER });
    expect(decodeJwt(token).iss).toBe(issuer.issuer(OTHER));
    await verified(token, issuer.issuer(OTHER));
    await expect(verified(token, issuer.issuer())).rejects.toThrow('iss');
  });

  it('refuses as the platform does', async () => {
    const job = issuer.startJob({ failures: 1 });
    expect((await ask(job)).status).toBe(503);
    expect((await ask(job, '')).status).toBe(400);
    expect((await ask(job, 'api-version=7.1', { headers: {} })).status).toBe(401);
    const { status, body } = await ask(job, `api-version=7.1&serviceConnectionId=${OTHER}`);
    expect(status).toBe(200);
    expect(body).toEqual({ count: 114, value: expect.stringContaining(`service connection ${OTHER}`) as unknown });
  });
});
