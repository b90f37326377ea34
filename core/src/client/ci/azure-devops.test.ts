import { describe, expect, it } from 'vitest';
import { utf8, utf8Text } from '../../encoding/bytes.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { FetchPort, FetchRequest, FetchResponse } from '../fetch-port.ts';
import { azureDevopsTokens, isAzurePipelines } from './azure-devops.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const SECRET = 'access-token-of-the-job';
const CONNECTION = '0b0f6d4c-0c6b-4e8e-8f5b-6d1f1e1d2c3b';
const ENDPOINT = 'https://dev.azure.com/acme/1d2c3b/_apis/distributedtask/hubs/build/plans/2c3b/jobs/3b4c/oidctoken';
const environment = { TF_BUILD: 'True', SYSTEM_OIDCREQUESTURI: ENDPOINT, SYSTEM_ACCESSTOKEN: SECRET };
const withConnection = { ...environment, ORIGINSIGN_SERVICE_CONNECTION: CONNECTION };

type Answer = FetchResponse | OriginSignError;

const answer = (status: number, body: unknown, headers = {}): FetchResponse => ({
  status,
  headers,
  body: utf8(typeof body === 'string' ? body : JSON.stringify(body)),
});
const unreachable = (reason: string): OriginSignError =>
  new OriginSignError('server.unreachable', 'No answer.', { details: { reason } });

function sourceWith(answers: readonly Answer[], env: Readonly<Record<string, string>> = environment) {
  const calls: { url: string; request: FetchRequest }[] = [];
  const masked: string[] = [];
  const slept: number[] = [];
  const left = [...answers];
  const fetch: FetchPort = async (url, request) => {
    calls.push({ url, request });
    const next = left.shift() ?? answer(200, { oidcToken: TOKEN });
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
  const open = () => azureDevopsTokens({ environment: env, fetch, clock, mask: (secret) => masked.push(secret) });
  return { calls, masked, slept, open };
}

async function failureOf(call: Promise<unknown> | undefined): Promise<OriginSignError> {
  const error: unknown = await call?.catch((reason: unknown) => reason);
  if (error instanceof OriginSignError) return error;
  throw new Error(`It did not fail: ${String(error)}`);
}

describe('azureDevopsTokens', () => {
  it('asks for the token of the pipeline as the agent does, and masks before it hands out', async () => {
    const { open, calls, masked } = sourceWith([]);
    expect(await open().token('https://sign.acme.example')).toBe(TOKEN);
    expect(calls[0]?.url).toBe(`${ENDPOINT}?api-version=7.1`);
    expect(calls[0]?.request).toMatchObject({
      method: 'POST',
      headers: {
        authorization: `Bearer ${SECRET}`,
        'content-type': 'application/json',
        'x-tfs-fedauthredirect': 'Suppress',
      },
    });
    expect(utf8Text(calls[0]?.request.body ?? new Uint8Array())).toBe('{}');
    expect(masked).toEqual([SECRET, TOKEN]);
  });

  it('asks for the token of the service connection by its id, where one is named', async () => {
    const { open, calls, masked } = sourceWith([], withConnection);
    expect(await open().serviceConnection?.()).toBe(TOKEN);
    expect(calls[0]?.url).toBe(`${ENDPOINT}?api-version=7.1&serviceConnectionId=${CONNECTION}`);
    expect(masked).toEqual([SECRET, TOKEN]);
    expect(sourceWith([]).open()).not.toHaveProperty('serviceConnection');
  });

  it('keeps the parameters that the endpoint has', async () => {
    const { open, calls } = sourceWith([], { ...environment, SYSTEM_OIDCREQUESTURI: `${ENDPOINT}?a=1&api-version=9` });
    await open().token('a');
    expect(calls[0]?.url).toBe(`${ENDPOINT}?a=1&api-version=7.1`);
  });

  it.each([
    ['503', answer(503, 'busy')],
    ['429', answer(429, {})],
    ['500 with a reason', answer(500, { message: 'TF400898: An internal error occurred.' })],
    ['a timeout', unreachable('timeout')],
  ])('asks again after %s', async (_what, failure) => {
    const { open, calls } = sourceWith([failure, failure], withConnection);
    expect(await open().serviceConnection?.()).toBe(TOKEN);
    expect(calls).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { open, slept } = sourceWith([answer(503, '', { 'retry-after': '9' })]);
    await open().token('a');
    expect(slept).toEqual([9000]);
  });

  it('gives up in the end', async () => {
    const { open } = sourceWith(Array<Answer>(1000).fill(answer(503, '')));
    expect(await failureOf(open().token('a'))).toMatchObject({ code: 'token.unavailable', exitCode: 5 });
  });

  it.each([
    ['a page', answer(200, '<html>')],
    ['another field', answer(200, { value: TOKEN })],
    ['a token that is none', answer(200, { oidcToken: 'a.b' })],
    ['a token with a line break', answer(200, { oidcToken: `${TOKEN}\n` })],
    ['a token that is no string', answer(200, { oidcToken: [TOKEN] })],
    ['a token larger than any', answer(200, { oidcToken: `a.${'b'.repeat(20_000)}.c` })],
    ['a token with an error status', answer(400, { oidcToken: TOKEN })],
    ['a redirect', answer(302, '')],
    ['a missing version', answer(400, { message: 'No api-version was supplied.' })],
    ['an untrusted certificate', unreachable('certificate')],
  ])('gives up at once on %s, without repeating any secret', async (_what, failure) => {
    const { open, calls } = sourceWith([failure]);
    const error = await failureOf(open().token('a'));
    expect(error).toMatchObject({ code: 'token.unavailable' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/access-token|eyJ/);
    expect(calls).toHaveLength(1);
  });

  it.each([401, 403, 203])('says how a script gets the access token where the endpoint answers %i', async (status) => {
    const { open, calls } = sourceWith([answer(status, '<html>sign in</html>')]);
    expect(await failureOf(open().token('a'))).toMatchObject({
      code: 'token.permission',
      exitCode: 2,
      hint: expect.stringContaining('env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)') as unknown,
    });
    expect(calls).toHaveLength(1);
  });

  it('shows why there is no token of the connection, which comes with status 200 in another field', async () => {
    const value = `There is no explicit reference to service connection ${CONNECTION} from current stage Sign.`;
    const { open } = sourceWith([answer(200, { count: value.length, value })], withConnection);
    expect(await failureOf(open().serviceConnection?.())).toMatchObject({
      code: 'token.permission',
      message: `Azure DevOps handed out no identity token: it gives the job no token of the service connection: ${value}`,
      hint: expect.stringContaining('oidcConnection') as unknown,
    });
  });

  it.each([
    [{ value: `leaked ${TOKEN} ${'x'.repeat(52)}` }, 'leaked … …'],
    [{ value: '##vso[task.setvariable variable=a]b\r\nnext' }, '# #vso[task.setvariable variable=a]b next'],
    [{ message: 'words '.repeat(900) }, /: words .{250,300}…\.$/],
  ])('shows a reason in which nothing can be a secret or a command: %.60j', async (body, shown) => {
    const { message } = await failureOf(
      sourceWith([answer(400, body)])
        .open()
        .token('a'),
    );
    expect(message).toMatch(typeof shown === 'string' ? new RegExp(shown.replace(/[[\].]/g, '\\$&')) : shown);
    expect(message).not.toMatch(/eyJ|x{40}|##/);
  });

  it.each([[''], ['$(System.AccessToken)']])('says what a step without an access token lacks: "%s"', (token) => {
    const env = { ...environment, SYSTEM_ACCESSTOKEN: token };
    expect(() => sourceWith([], env).open()).toThrow(
      expect.objectContaining({
        code: 'token.permission',
        exitCode: 2,
        hint: expect.stringContaining('env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)') as unknown,
      }),
    );
  });

  it.each([
    ['SYSTEM_OIDCREQUESTURI', '', 'token.unavailable'],
    ['SYSTEM_OIDCREQUESTURI', 'nonsense', 'token.unavailable'],
    ['SYSTEM_OIDCREQUESTURI', 'http://dev.azure.com/token', 'token.unavailable'],
    ['ORIGINSIGN_SERVICE_CONNECTION', 'prod-signing', 'input.invalid'],
    ['ORIGINSIGN_SERVICE_CONNECTION', `${CONNECTION}&a=1`, 'input.invalid'],
  ])('refuses %s="%s" before it sends anything', (name, value, code) => {
    const { open, calls, masked } = sourceWith([], { ...environment, [name]: value });
    expect(open).toThrow(expect.objectContaining({ code }));
    expect([...calls, ...masked]).toEqual([]);
  });

  it('knows a job by its environment', () => {
    expect(isAzurePipelines({ TF_BUILD: 'True' })).toBe(true);
    expect(isAzurePipelines({ SYSTEM_OIDCREQUESTURI: ENDPOINT })).toBe(true);
    expect(isAzurePipelines({ TF_BUILD: '', CI: 'true' })).toBe(false);
  });
});
