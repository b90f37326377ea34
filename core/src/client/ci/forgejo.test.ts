import { describe, expect, it } from 'vitest';
import { utf8 } from '../../encoding/bytes.ts';
import type { FetchPort } from '../fetch-port.ts';
import { forgejoTokens, isForgejo } from './forgejo.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const ENDPOINT = 'https://forge.acme.example/api/actions/_apis/pipelines/workflows/43/idtoken?placeholder=true';
const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: ENDPOINT, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-secret' };

function open(status: number, env: Readonly<Record<string, string>> = environment) {
  const urls: string[] = [];
  const fetch: FetchPort = (url) => {
    urls.push(url);
    return Promise.resolve({ status, headers: {}, body: utf8(JSON.stringify({ value: TOKEN })) });
  };
  const clock = { now: () => new Date(0), random: () => 0, sleep: () => Promise.resolve() };
  return { urls, source: () => forgejoTokens({ environment: env, fetch, clock, mask: () => undefined }) };
}

describe('forgejoTokens', () => {
  it('speaks the protocol of GitHub', async () => {
    const { urls, source } = open(200);
    expect(source().platform).toBe('forgejo');
    expect(await source().token('https://sign.acme.example/v1/x')).toBe(TOKEN);
    expect(urls).toEqual([`${ENDPOINT}&audience=${encodeURIComponent('https://sign.acme.example/v1/x')}`]);
  });

  it('speaks of Forgejo where there is no token', async () => {
    await expect(open(403).source().token('a')).rejects.toMatchObject({
      code: 'token.unavailable',
      message: expect.stringContaining('Forgejo handed out no identity token') as unknown,
    });
    expect(open(200, {}).source).toThrow(
      expect.objectContaining({
        code: 'token.permission',
        hint: expect.stringContaining('enable-openid-connect: true') as unknown,
      }),
    );
  });

  it.each([
    [{ FORGEJO_ACTIONS: 'true', GITHUB_ACTIONS: 'true' }, true],
    [{ GITEA_ACTIONS: 'true', GITHUB_ACTIONS: 'true' }, true],
    [environment, true],
    [{ GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.actions.example/idtoken' }, false],
    [{ FORGEJO_ACTIONS: '' }, false],
  ])('tells a job from one of GitHub: %j', (env, isHere) => {
    expect(isForgejo(env)).toBe(isHere);
  });
});
