import type { TokenSource } from '@originsign/core/client/ci/token-source';
import type { Runtime } from '@originsign/core/client/runtime';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { describe, expect, test } from 'vitest';
import { checkToken } from './check-token.ts';
import type { Finding } from './finding.ts';

const SERVER = 'https://sign.acme.example';
const NOW = 1_790_000_000;
const CLAIMS = {
  iss: 'https://ci.acme.example/oidc',
  aud: SERVER,
  iat: NOW - 1,
  exp: NOW + 299,
  jti: 'one-token',
  sub: 'https://ci.acme.example/job/app/',
  build_number: 7,
  environment: '',
};

const encode = (part: object): string => encodeBase64url(utf8(JSON.stringify(part)));
const jwt = (claims: object): string => `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}.c2lnbmF0dXJl`;

function check(token: string | (() => never), source: Partial<TokenSource> = {}): Promise<readonly Finding[]> {
  const tokens = (): TokenSource => ({
    platform: 'given',
    renewable: false,
    token: () => (typeof token === 'string' ? Promise.resolve(token) : token()),
    ...source,
  });
  return checkToken({ tokens } as Runtime, SERVER, new Date(NOW * 1000));
}

describe('the token of a job', () => {
  test('is told by its maker, its life, its audience and its claims, and never shown itself', async () => {
    const token = jwt(CLAIMS);
    const findings = await check(token);
    expect(findings).toEqual([
      {
        state: 'ok',
        name: 'token',
        text: 'the job has an identity token',
        facts: [
          ['issuer', 'https://ci.acme.example/oidc'],
          ['key', 'k1'],
          ['algorithm', 'RS256'],
          ['lifetime', '300 s'],
        ],
      },
      { state: 'ok', name: 'audience', text: SERVER },
      {
        state: 'ok',
        name: 'claims',
        text: 'what policies can look at',
        facts: [
          ['sub', 'https://ci.acme.example/job/app/'],
          ['build_number', '7'],
        ],
      },
      { state: 'ok', name: 'binding', text: expect.stringMatching(/^proof: /) as string },
    ]);
    const parts = token.split('.');
    for (const part of [...parts, 'one-token']) expect(JSON.stringify(findings)).not.toContain(part);
  });

  test('of GitHub is asked for an audience that no request has', async () => {
    const audiences: string[] = [];
    const findings = await check('', {
      platform: 'github-actions',
      renewable: true,
      token: (audience) => {
        audiences.push(audience);
        return Promise.resolve(jwt({ ...CLAIMS, aud: audience }));
      },
    });
    expect(audiences).toEqual([SERVER]);
    expect(findings.at(-1)?.text).toMatch(/^audience: each token is made for one request/);
  });

  test.each([
    ['another audience', { aud: 'https://other.example' }, 'audience', 'token.audience'],
    ['a trailing slash', { aud: `${SERVER}/` }, 'audience', 'token.audience'],
    ['two audiences', { aud: [SERVER, 'https://other.example'] }, 'audience', 'token.audience'],
    ['no audience', { aud: null }, 'audience', 'token.audience'],
    ['a past end', { exp: NOW - 60 }, 'expiry', 'token.time'],
  ])('with %s cannot sign, and the doctor says so', async (_what, change, name, code) => {
    const findings = await check(jwt({ ...CLAIMS, ...change }));
    const bad = findings.filter(({ state }) => state === 'fail');
    expect(bad).toMatchObject([{ name, code, hint: expect.any(String) as string }]);
  });

  test.each([
    ['one audience in a list, as Jenkins writes it', { aud: [SERVER] }],
    ['the one audience that Azure DevOps writes', { aud: 'api://AzureADTokenExchange' }],
  ])('may have %s', async (_what, change) => {
    expect((await check(jwt({ ...CLAIMS, ...change }))).every(({ state }) => state === 'ok')).toBe(true);
  });

  test('tells that the clock of the platform is another', async () => {
    const late = jwt({ ...CLAIMS, iat: NOW - 100 });
    const findings = await check(late, { renewable: true });
    expect(findings[1]).toMatchObject({ state: 'warn', name: 'clock', text: '100 s from the time of the CI platform' });
    // A token that was made before the job began says nothing of clocks.
    expect((await check(late)).every(({ state }) => state === 'ok')).toBe(true);
  });

  test('may be static, which proves little', async () => {
    const findings = await check('ost_secret-of-the-system');
    expect(findings.map(({ state, name }) => `${state} ${name}`)).toEqual(['warn token', 'warn binding']);
    expect(JSON.stringify(findings)).not.toContain('secret-of');
  });

  test('that is none, or that nobody gives, is told with what to do', async () => {
    expect(await check('nonsense')).toMatchObject([{ state: 'fail', code: 'token.malformed' }]);
    const error = new OriginSignError('token.permission', 'The job may not ask.', { hint: 'add the permission' });
    const refused = await check(() => {
      throw error;
    });
    const hint = 'add the permission';
    expect(refused).toEqual([{ state: 'fail', name: 'token', text: 'The job may not ask', code: error.code, hint }]);
  });
});
