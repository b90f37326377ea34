import { codeOfAsync } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { AZURE_DEVOPS } from '@originsign/core/platforms/azure-devops';
import { AZURE_FIXTURES } from '@originsign/core/platforms/fixtures/azure';
import { AUDIENCE, HEADER, PAYLOAD, SECONDS, SERVER, system, token, tokenContext } from './token.test.fixture.ts';
import { verifyServiceConnection } from './verify-pair.ts';
import { verifyToken, type TokenContext, type TokenSystem, type VerifiedToken } from './verify-token.ts';

const { payload: JOB = {}, connection: NAMED = {} } = AZURE_FIXTURES['azure-tag'] ?? {};
const { connection: ENTRA = {} } = AZURE_FIXTURES['azure-tag-entra'] ?? {};
const AZURE = String(NAMED['iss']);
const LOGIN = String(ENTRA['iss']);
const FIXED = 'api://AzureADTokenExchange';
type Claims = Readonly<Record<string, unknown>>;

const times = { iat: SECONDS, nbf: SECONDS - 600, exp: SECONDS + 600 };
const job = (claims: Claims = {}) => token(HEADER, { jti: 'job', ...JOB, iss: AZURE, aud: FIXED, ...times, ...claims });
const named = (claims: Claims = {}) => token(HEADER, { jti: 'named', ...NAMED, aud: FIXED, ...times, ...claims });
const entra = (claims: Claims = {}) =>
  token(HEADER, { ...ENTRA, aud: FIXED, ...times, exp: SECONDS + 3_600, ...claims });

const azureSystem = (changes: Partial<TokenSystem['config']> = {}): TokenSystem => ({
  config: { id: 'azure', issuer: AZURE, allowPrivateAddress: false, serviceConnectionIssuer: LOGIN, ...changes },
  platform: AZURE_DEVOPS,
});

async function verify(text: string, { of = job(), ...changes }: Partial<TokenSystem['config']> & { of?: string } = {}) {
  const context: TokenContext = tokenContext(azureSystem(changes));
  return verifyServiceConnection(text, await verifyToken(of, context), context);
}
const code = (text: string, changes?: Parameters<typeof verify>[1]) => codeOfAsync(() => verify(text, changes));

describe('the token of a service connection', () => {
  test('of Azure DevOps is one of the job’s own issuer, used up by its jti', async () => {
    const connection = await verify(named());
    expect(connection).toMatchObject({
      systemId: 'azure',
      issuer: AZURE,
      binding: 'proof',
      claims: { 'azure.service_connection': 'sc://acme/app/prod-signing', 'azure.service_connection_issuer': AZURE },
    });
    expect(connection.tokenKey).toMatch(/^jti:|^input:/);
  });

  test('of Microsoft Entra is one of the issuer that the system names, used up by what was signed', async () => {
    const [first, again, other] = [
      await verify(entra()),
      await verify(entra()),
      await verify(entra({ iat: SECONDS - 1 })),
    ];
    expect(first).toMatchObject({
      systemId: 'azure',
      issuer: LOGIN,
      tokenKey: expect.stringMatching(/^input:/) as unknown,
    });
    expect([again.tokenKey === first.tokenKey, other.tokenKey === first.tokenKey]).toEqual([true, false]);
  });

  test('may be of an older connection where the system names an issuer for connections', async () => {
    expect((await verify(named())).issuer).toBe(AZURE);
  });

  test.each<[string, string, string]>([
    ['of an issuer that the system does not name', 'token.issuer_unknown', entra({ iss: `${LOGIN}x` })],
    ['of another organization', 'token.issuer_unknown', named({ iss: AZURE.replace('0ca3', '1ca3') })],
    [
      'of another organization at the common issuer',
      'token.pair',
      entra({ sub: String(ENTRA['sub']).replace('0ca3', '1ca3') }),
    ],
    ['that was made 121 seconds earlier', 'token.pair', named({ iat: SECONDS - 121 })],
    ['that is the job’s', 'token.claim_type', job()],
    ['for another audience', 'token.audience', named({ aud: SERVER })],
    ['for the request', 'token.audience', named({ aud: AUDIENCE })],
    ['for two audiences', 'token.audience', named({ aud: [FIXED, SERVER] })],
    ['that is expired', 'token.time', named({ exp: SECONDS - 61 })],
    ['that is too old', 'token.time', entra({ iat: SECONDS - 661, exp: SECONDS + 600 })],
    ['that lives too long', 'token.time', entra({ exp: SECONDS + 4_000 })],
    ['by another algorithm', 'token.alg_not_allowed', token({ ...HEADER, alg: 'ES256', kid: 'p256' }, NAMED)],
    [
      'whose signature is another’s',
      'token.signature',
      `${entra().replace(/[^.]*$/, '')}${named().split('.')[2] ?? ''}`,
    ],
  ])('%s is refused', async (_name, expected, text) => {
    expect(await code(text)).toBe(expected);
  });

  test('of Entra is refused where the system names no issuer for connections', async () => {
    const context = tokenContext({
      ...azureSystem(),
      config: { id: 'azure', issuer: AZURE, allowPrivateAddress: false },
    });
    const verified = await verifyToken(job(), context);
    expect(await codeOfAsync(() => verifyServiceConnection(entra(), verified, context))).toBe('token.issuer_unknown');
    expect(await codeOfAsync(() => verifyServiceConnection(named(), verified, context))).toBe('accepted');
  });

  test('is refused on a platform that has none, before anybody is asked for keys', async () => {
    const context = tokenContext(system());
    const github: VerifiedToken = await verifyToken(token(HEADER, PAYLOAD), context);
    const asked = context.asked();
    expect(await codeOfAsync(() => verifyServiceConnection(named(), github, context))).toBe('request.malformed');
    expect(context.asked()).toBe(asked);
  });
});

describe('the token of the job', () => {
  test('has the audience that Azure DevOps writes, and no other', async () => {
    expect((await verifyToken(job(), tokenContext(azureSystem()))).binding).toBe('proof');
    for (const aud of [SERVER, AUDIENCE, [FIXED, SERVER], undefined, null, [null]]) {
      expect(await codeOfAsync(() => verifyToken(job({ aud }), tokenContext(azureSystem())))).toBe('token.audience');
    }
  });

  test('is refused where it is one of Entra: that issuer counts for connections alone', async () => {
    expect(await codeOfAsync(() => verifyToken(entra(), tokenContext(azureSystem())))).toBe('token.issuer_unknown');
  });
});
