import { describe, expect, it } from 'vitest';
import { utf8, utf8Text } from '../../encoding/bytes.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { FetchPort, FetchRequest, FetchResponse } from '../fetch-port.ts';
import { buildkiteTokens, isBuildkite } from './buildkite.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const environment = {
  BUILDKITE: 'true',
  BUILDKITE_AGENT_ACCESS_TOKEN: 'agent-secret',
  BUILDKITE_JOB_ID: '0184990a-477b-4fa8-9968-496074483cee',
};
const answer = (status: number, body: unknown): FetchResponse => ({
  status,
  headers: {},
  body: utf8(JSON.stringify(body)),
});

function sourceWith(
  answers: readonly (FetchResponse | OriginSignError)[],
  env: Readonly<Record<string, string>> = environment,
) {
  const calls: { readonly url: string; readonly request: FetchRequest }[] = [];
  const masked: string[] = [];
  const left = [...answers];
  const fetch: FetchPort = (url, request) => {
    calls.push({ url, request });
    const next = left.shift() ?? answer(200, { token: TOKEN });
    return next instanceof OriginSignError ? Promise.reject(next) : Promise.resolve(next);
  };
  let time = 0;
  const clock = {
    now: () => new Date(time),
    random: () => 0,
    sleep: (milliseconds: number) => {
      time += milliseconds + 1000;
      return Promise.resolve();
    },
  };
  const open = () => buildkiteTokens({ environment: env, fetch, clock, mask: (secret) => masked.push(secret) });
  return { calls, masked, open };
}

describe('buildkiteTokens', () => {
  it('asks the Agent API for the audience and for both ids, and masks before it hands out', async () => {
    const { open, calls, masked } = sourceWith([]);
    const audience = 'https://sign.acme.example/v1/signing-requests/"a"';
    expect(await open().token(audience)).toBe(TOKEN);
    const [{ url, request } = { url: '', request: undefined }] = calls;
    expect(url).toBe(`https://agent.buildkite.com/v3/jobs/${environment.BUILDKITE_JOB_ID}/oidc/tokens`);
    expect(request?.method).toBe('POST');
    expect(request?.headers['authorization']).toBe('Token agent-secret');
    expect(JSON.parse(utf8Text(request?.body ?? utf8('')))).toEqual({
      audience,
      claims: ['organization_id', 'pipeline_id'],
    });
    expect(masked).toEqual(['agent-secret', TOKEN]);
  });

  it.each([
    ['https://agent.acme.example/v3/', 'https://agent.acme.example/v3/jobs/a%2Fb/oidc/tokens'],
    ['http://localhost:4000/v3', 'http://localhost:4000/v3/jobs/a%2Fb/oidc/tokens'],
  ])('asks the endpoint %s that the agent names, and no other path than that of its job', async (endpoint, url) => {
    const { open, calls } = sourceWith([], {
      ...environment,
      BUILDKITE_AGENT_ENDPOINT: endpoint,
      BUILDKITE_JOB_ID: 'a/b',
    });
    await open().token('a');
    expect(calls[0]?.url).toBe(url);
  });

  it.each(['http://agent.acme.example/v3', 'nonsense', 'file:///etc'])(
    'sends the access token nowhere but to https: not to %s',
    (endpoint) => {
      const { open, calls } = sourceWith([], { ...environment, BUILDKITE_AGENT_ENDPOINT: endpoint });
      expect(open).toThrow(expect.objectContaining({ code: 'token.unavailable' }));
      expect(calls).toEqual([]);
    },
  );

  it('asks again while the endpoint has a moment of weakness', async () => {
    const { open, calls } = sourceWith([answer(503, {}), answer(429, {})]);
    expect(await open().token('a')).toBe(TOKEN);
    expect(calls).toHaveLength(3);
  });

  it.each([
    ['no access', answer(401, { message: 'agent-secret' })],
    ['a redirect', answer(302, {})],
    ['no token', answer(200, {})],
    ['a token that is none', answer(200, { token: 'a.b' })],
    ['a list', answer(200, [])],
    ['no JSON', { status: 200, headers: {}, body: utf8('<html>') }],
  ])('gives up at once on %s, without repeating any secret', async (_what, failure) => {
    const { open, calls } = sourceWith([failure]);
    const error: unknown = await open()
      .token('a')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'token.unavailable' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('agent-secret');
    expect(calls).toHaveLength(1);
  });

  it.each(['BUILDKITE_AGENT_ACCESS_TOKEN', 'BUILDKITE_JOB_ID'])('says what a step without %s lacks', (name) => {
    expect(sourceWith([], { ...environment, [name]: '' }).open).toThrow(
      expect.objectContaining({ code: 'token.permission', hint: expect.stringContaining(name) as unknown }),
    );
  });

  it('knows a job by its environment', () => {
    expect(isBuildkite(environment)).toBe(true);
    expect(isBuildkite({ CI: 'true' })).toBe(false);
  });
});
