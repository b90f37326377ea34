import { describe, expect, it } from 'vitest';
import { utf8 } from '../../encoding/bytes.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { FetchPort, FetchRequest, FetchResponse } from '../fetch-port.ts';
import { githubActionsTokens, isGithubActions } from './github-actions.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const environment = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/idtoken?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-secret',
};

type Answer = FetchResponse | OriginSignError;

const ok = (body: unknown): FetchResponse => ({ status: 200, headers: {}, body: utf8(JSON.stringify(body)) });
const status = (code: number, headers = {}): FetchResponse => ({ status: code, headers, body: utf8('{"a":1}') });
const unreachable = (reason: string): OriginSignError =>
  new OriginSignError('server.unreachable', 'No answer.', { details: { reason } });

function sourceWith(answers: readonly Answer[], env: Readonly<Record<string, string>> = environment) {
  const calls: { url: string; request: FetchRequest }[] = [];
  const masked: string[] = [];
  const slept: number[] = [];
  const left = [...answers];
  const fetch: FetchPort = async (url, request) => {
    calls.push({ url, request });
    const next = left.shift() ?? ok({ value: TOKEN });
    if (next instanceof OriginSignError) throw next;
    return next;
  };
  let time = 0;
  const clock = {
    now: () => new Date(time),
    random: () => 0,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      time += milliseconds + 1000;
    },
  };
  return {
    calls,
    masked,
    slept,
    open: () => githubActionsTokens({ environment: env, fetch, clock, mask: (secret) => masked.push(secret) }),
  };
}

describe('githubActionsTokens', () => {
  it('asks for the audience beside the parameters that are there, and masks before it hands out', async () => {
    const { open, calls, masked } = sourceWith([]);
    const audience = 'https://sign.acme.example/v1/signing-requests/a+b&c=d#e';
    expect(await open().token(audience)).toBe(TOKEN);
    const url = new URL(calls[0]?.url ?? '');
    expect([...url.searchParams]).toEqual([
      ['api-version', '2.0'],
      ['audience', audience],
    ]);
    expect(calls[0]?.request.headers['authorization']).toBe('Bearer bearer-secret');
    expect(masked).toEqual(['bearer-secret', TOKEN]);
  });

  it.each([
    ['503', status(503)],
    ['502', status(502)],
    ['504', status(504)],
    ['429', status(429)],
    ['a timeout', unreachable('timeout')],
    ['a lost connection', unreachable('connection')],
  ])('asks again after %s', async (_what, failure) => {
    const { open, calls } = sourceWith([failure, failure]);
    expect(await open().token('a')).toBe(TOKEN);
    expect(calls).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { open, slept } = sourceWith([status(503, { 'retry-after': '9' })]);
    await open().token('a');
    expect(slept).toEqual([9000]);
  });

  it('gives up in the end', async () => {
    const { open } = sourceWith(Array<Answer>(1000).fill(status(503)));
    await expect(open().token('a')).rejects.toMatchObject({ code: 'token.unavailable', exitCode: 5 });
  });

  it.each([
    ['no permission to the endpoint', status(401)],
    ['a redirect', status(302)],
    ['an untrusted certificate', unreachable('certificate')],
    ['no value', ok({ count: 1 })],
    ['a value that is no token', ok({ value: 'a.b' })],
    ['a value with a line break', ok({ value: `${TOKEN}\n` })],
    ['a value that is no string', ok({ value: 1 })],
    ['a token larger than any', ok({ value: `a.${'b'.repeat(20_000)}.c` })],
    ['no JSON', { ...status(200), body: utf8('<html>') }],
  ])('gives up at once on %s, without repeating any secret', async (_what, failure) => {
    const { open, calls } = sourceWith([failure]);
    const error: unknown = await open()
      .token('a')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'token.unavailable' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/bearer-secret|eyJ/);
    expect(calls).toHaveLength(1);
  });

  it.each([
    [{}],
    [{ ACTIONS_ID_TOKEN_REQUEST_URL: environment.ACTIONS_ID_TOKEN_REQUEST_URL }],
    [{ ...environment, ACTIONS_ID_TOKEN_REQUEST_URL: '' }],
  ])('says which permission is missing for %j', (env: Record<string, string>) => {
    expect(() => sourceWith([], env).open()).toThrow(
      expect.objectContaining({
        code: 'token.permission',
        exitCode: 2,
        hint: expect.stringContaining('permissions: id-token: write') as unknown,
      }),
    );
  });

  it('refuses an endpoint that is no URL', async () => {
    const { open } = sourceWith([], { ...environment, ACTIONS_ID_TOKEN_REQUEST_URL: 'nonsense' });
    await expect(open().token('a')).rejects.toMatchObject({ code: 'token.unavailable' });
  });

  it('knows a job by its environment', () => {
    expect(isGithubActions({ GITHUB_ACTIONS: 'true' })).toBe(true);
    expect(isGithubActions(environment)).toBe(true);
    expect(isGithubActions({ CI: 'true' })).toBe(false);
  });
});
