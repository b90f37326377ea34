import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '@originsign/core/encoding/base64';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { MAX_TOKEN_LENGTH } from './token-parts.ts';
import {
  AUDIENCE,
  check,
  ed25519,
  es256,
  HEADER,
  ISSUER,
  PAYLOAD,
  part,
  ps256,
  RSA,
  SECONDS,
  SERVER,
  system,
  token,
  tokenContext,
} from './token.test.fixture.ts';
import { verifyToken } from './verify-token.ts';

const GOOD = token(HEADER, PAYLOAD);
const [header = '', payload = '', signature = ''] = GOOD.split('.');
const withHeader = (change: object): string => token({ ...HEADER, ...change }, PAYLOAD);
const withClaims = (change: object): string => token(HEADER, { ...PAYLOAD, ...change });
const without = (...claims: string[]): string =>
  token(HEADER, Object.fromEntries(Object.entries(PAYLOAD).filter(([name]) => !claims.includes(name))));
const hmac = (key: string) => (input: Uint8Array) => new Uint8Array(createHmac('sha256', key).update(input).digest());
const publicPem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Every entry is refused with its code. */
const MATRIX: readonly (readonly [code: string, name: string, token: string])[] = [
  ['token.too_large', 'a megabyte of dots', '.'.repeat(1_000_000)],
  ['token.too_large', 'one character too many', 'a'.repeat(MAX_TOKEN_LENGTH + 1)],
  ['token.malformed', 'nothing', ''],
  ['token.malformed', '16,384 dots', '.'.repeat(MAX_TOKEN_LENGTH)],
  ['token.malformed', 'two parts', `${header}.${payload}`],
  ['token.malformed', 'four parts', `${GOOD}.x`],
  ['token.malformed', 'five parts, as an encrypted token has', `${GOOD}.x.y`],
  ['token.malformed', 'an empty header', `.${payload}.${signature}`],
  ['token.malformed', 'an empty payload', `${header}..${signature}`],
  ['token.malformed', 'an empty signature', `${header}.${payload}.`],
  ['token.malformed', 'padding', `${header}.${payload}.${signature}=`],
  ['token.malformed', 'the plain base64 alphabet', `${header}.${payload}.${'+'.repeat(signature.length)}`],
  ['token.malformed', 'a space at the end', `${GOOD} `],
  ['token.malformed', 'a line feed at the end', `${GOOD}\n`],
  ['token.malformed', 'the word Bearer', `Bearer ${GOOD}`],
  ['token.malformed', 'a header that is no JSON', token('x', PAYLOAD)],
  ['token.malformed', 'a header that is a list', token('[]', PAYLOAD)],
  ['token.malformed', 'a header with a key twice', token('{"alg":"none","alg":"RS256","kid":"rsa"}', PAYLOAD)],
  ['token.malformed', 'a header with a prototype key', token('{"alg":"RS256","__proto__":{}}', PAYLOAD)],
  ['token.malformed', 'a header without an algorithm', token({ kid: 'rsa' }, PAYLOAD)],
  ['token.malformed', 'an algorithm that is a list', withHeader({ alg: ['RS256'] })],
  ['token.malformed', 'a key id that is a number', withHeader({ kid: 1 })],
  ['token.malformed', 'a payload that is no JSON', token(HEADER, 'x')],
  ['token.malformed', 'a payload that is a list', token(HEADER, '[]')],
  [
    'token.malformed',
    'a payload with the issuer twice',
    token(HEADER, `{"iss":"https://evil.example","iss":"${ISSUER}"}`),
  ],
  ['token.malformed', 'a payload of 17 levels', token(HEADER, `{"a":${'['.repeat(16)}${']'.repeat(16)}}`)],
  [
    'token.malformed',
    'a payload that is not UTF-8',
    `${header}.${encodeBase64url(Uint8Array.of(0x22, 0xff, 0x22))}.${signature}`,
  ],
  ...['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c', 'zip', 'x5t#S256', 'cty', 'enc'].map(
    (name) => ['token.header_forbidden', `the header parameter ${name}`, withHeader({ [name]: [] })] as const,
  ),
  ['token.header_forbidden', 'a token of another type', withHeader({ typ: 'at+jwt' })],
  ['token.header_forbidden', 'a type that is no string', withHeader({ typ: 1 })],
  ...['none', 'nOnE', 'None', 'HS384', 'RS1', 'rs256', 'RS256 ', '', 'constructor', 'dir'].map(
    (alg) => ['token.alg_not_allowed', `the algorithm ${JSON.stringify(alg)}`, withHeader({ alg })] as const,
  ),
  [
    'token.alg_not_allowed',
    'no algorithm and a short signature',
    token({ ...HEADER, alg: 'none' }, PAYLOAD, () => Uint8Array.of(0)),
  ],
  [
    'token.alg_not_allowed',
    'an HMAC under the public key',
    token({ ...HEADER, alg: 'HS256' }, PAYLOAD, hmac(publicPem)),
  ],
  ['token.alg_not_allowed', 'PS256 where the platform uses RS256', token({ ...HEADER, alg: 'PS256' }, PAYLOAD, ps256)],
  [
    'token.alg_not_allowed',
    'ES256 where the platform uses RS256',
    token({ ...HEADER, alg: 'ES256', kid: 'p256' }, PAYLOAD, es256),
  ],
  ...[
    `${ISSUER}.evil.example`,
    `${ISSUER}/`,
    `${ISSUER}:443`,
    ISSUER.toUpperCase(),
    ISSUER.replace('https', 'HTTPS'),
    ISSUER.replace('https', 'http'),
    ISSUER.replace('https://', 'https://user@'),
    `${ISSUER}/acme`,
    `${ISSUER}?`,
    `${ISSUER}#`,
    ` ${ISSUER}`,
    `${ISSUER}\u0000`,
    ISSUER.replace('actions', 'аctions'),
    'constructor',
    '',
    null,
    1,
    [ISSUER],
  ].map((iss) => ['token.issuer_unknown', `the issuer ${JSON.stringify(iss)}`, withClaims({ iss })] as const),
  ['token.issuer_unknown', 'no issuer', without('iss')],
  ...['../../etc/passwd', "' OR 1=1 --", 'https://evil.example/key', 'x'.repeat(8_000), '__proto__', '', 'RSA'].map(
    (kid) => ['token.unknown_key', `the key id ${kid.slice(0, 30)}`, withHeader({ kid })] as const,
  ),
  ['token.unknown_key', 'no key id', token({ alg: 'RS256' }, PAYLOAD)],
  ['token.signature', 'another payload', `${header}.${part({ ...PAYLOAD, ref: 'refs/heads/x' })}.${signature}`],
  ['token.signature', 'another header', `${part({ ...HEADER, x5t: 'b3RoZXI' })}.${payload}.${signature}`],
  [
    'token.signature',
    'a signature by a stranger',
    token(HEADER, PAYLOAD, (input) => new Uint8Array(sign('sha256', input, stranger.privateKey))),
  ],
  [
    'token.signature',
    'a signature with another hash',
    token(HEADER, PAYLOAD, (input) => new Uint8Array(sign('sha512', input, RSA.privateKey))),
  ],
  ['token.signature', 'a PSS signature', token(HEADER, PAYLOAD, ps256)],
  ['token.signature', 'a short signature', `${header}.${payload}.AA`],
  ['token.signature', 'a signature of zeros', token(HEADER, PAYLOAD, () => new Uint8Array(256))],
  ['token.signature', 'a key of another type', withHeader({ kid: 'p256' })],
  ...[
    SERVER,
    `${AUDIENCE}/`,
    `${AUDIENCE.slice(0, -1)}B`,
    AUDIENCE.replace('sign.', 'sign2.'),
    'https://github.com/acme',
    'sts.amazonaws.com',
    [AUDIENCE, 'https://other.example'],
    [AUDIENCE, AUDIENCE],
    [],
    [null],
    null,
    '',
    1,
    [[AUDIENCE]],
    { 0: AUDIENCE, length: 1 },
  ].map((aud) => ['token.audience', `the audience ${JSON.stringify(aud)}`, withClaims({ aud })] as const),
  ['token.audience', 'no audience', without('aud')],
  ...(
    [
      ['an expired token', { exp: SECONDS - 60 }],
      ['a token that lives too long', { exp: SECONDS + 901 }],
      ['an expiry before the issue', { iat: SECONDS, exp: SECONDS }],
      ['an expiry that is text', { exp: String(SECONDS + 300) }],
      ['an expiry that is no whole number', { exp: SECONDS + 0.5 }],
      ['a negative expiry', { exp: -1 }],
      ['a huge expiry', { exp: 1e99 }],
      ['an expiry that is null', { exp: null }],
      ['an issue in the future', { iat: SECONDS + 61, exp: SECONDS + 300 }],
      ['an issue that is a list', { iat: [SECONDS] }],
      ['a token that is too old', { iat: SECONDS - 661, exp: SECONDS + 10 }],
      ['a token that is not valid yet', { nbf: SECONDS + 61 }],
      ['a start that is text', { nbf: '0' }],
    ] as const
  ).map(([name, change]) => ['token.time', name, withClaims(change)] as const),
  ['token.time', 'no expiry', without('exp')],
  ['token.time', 'no issue', without('iat')],
  ['token.time', 'an expiry that overflows', token(HEADER, JSON.stringify(PAYLOAD).replace(/"exp":\d+/, '"exp":1e30'))],
  [
    'token.malformed',
    'an expiry that is not finite',
    token(HEADER, JSON.stringify(PAYLOAD).replace(/"exp":\d+/, '"exp":1e400')),
  ],
  ['token.claim_missing', 'no token id', without('jti')],
  ['token.claim_missing', 'an empty token id', withClaims({ jti: '' })],
  ['token.claim_type', 'a token id that is a number', withClaims({ jti: 1 })],
  ...[
    'repository_id',
    'repository_owner_id',
    'ref',
    'sha',
    'event_name',
    'workflow_ref',
    'job_workflow_ref',
    'run_id',
    'run_attempt',
    'runner_environment',
  ].map((claim) => ['token.claim_missing', `no ${claim}`, without(claim)] as const),
  ['token.claim_type', 'ref_protected in capitals', withClaims({ ref_protected: 'TRUE' })],
  ['token.claim_type', 'ref_protected as a boolean', withClaims({ ref_protected: true })],
  ['token.claim_type', 'an id that is a number', withClaims({ repository_id: 771245825 })],
];

describe('refuses', () => {
  test.each(MATRIX)('%s: %s', async (code, _, text) => {
    expect(await codeOfAsync(() => check(text))).toBe(code);
  });

  test('more than 100 tokens, each with a code of its kind', () => {
    expect(MATRIX.length).toBeGreaterThan(100);
    expect(new Set(MATRIX.map(([code]) => code)).size).toBe(11);
  });
});

test('accepts a good token and says what it found', async () => {
  const verified = await check(GOOD);
  expect(verified).toMatchObject({
    systemId: 'github',
    issuer: ISSUER,
    binding: 'audience',
    keyId: 'rsa',
    issuedAt: new Date(SECONDS * 1000),
    expiresAt: new Date((SECONDS + 300) * 1000),
  });
  expect(verified.claims['github.ref']).toBe('refs/tags/v1.4.0');
  expect(verified.claims['github.run_attempt']).toBe(1);
  expect(verified.keySetHash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(verified)).not.toContain(signature);
});

test.each<readonly [string, object]>([
  ['an audience in a list of one', { aud: [AUDIENCE] }],
  ['a token made 60 seconds ahead of our clock', { iat: SECONDS + 60, nbf: SECONDS + 60, exp: SECONDS + 360 }],
  ['a token that expired 59 seconds ago', { iat: SECONDS - 359, exp: SECONDS - 59 }],
  ['no start', { nbf: undefined }],
  ['claims that nobody declared', { some_new_claim: { nested: [1] } }],
])('accepts %s', async (_, change) => {
  expect(await codeOfAsync(() => check(withClaims(change)))).toBe('accepted');
});

test.each([
  ['PS256', 'rsa', ps256],
  ['ES256', 'p256', es256],
  ['EdDSA', 'ed', ed25519],
] as const)('verifies %s where the platform uses it', async (alg, kid, signer) => {
  const text = token({ ...HEADER, alg, kid }, PAYLOAD, signer);
  expect(await codeOfAsync(() => check(text, { algorithms: [alg] }))).toBe('accepted');
  expect(await codeOfAsync(() => check(`${text.slice(0, -3)}AAA`, { algorithms: [alg] }))).toBe('token.signature');
});

test('never uses a key with an algorithm that its entry does not name', async () => {
  const keySet = { keys: [{ ...RSA.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'PS256' }] };
  const context = tokenContext(system({ algorithms: ['RS256', 'PS256'] }), keySet);
  expect(await codeOfAsync(() => verifyToken(GOOD, context))).toBe('token.signature');
  expect(await codeOfAsync(() => verifyToken(token({ ...HEADER, alg: 'PS256' }, PAYLOAD, ps256), context))).toBe(
    'accepted',
  );
});

test('asks nobody for keys before the issuer is known', async () => {
  const context = tokenContext();
  const early = MATRIX.filter(([code]) =>
    [
      'token.too_large',
      'token.malformed',
      'token.header_forbidden',
      'token.alg_not_allowed',
      'token.issuer_unknown',
    ].includes(code),
  );
  for (const [, , text] of early) await codeOfAsync(() => verifyToken(text, context));
  expect(early.length).toBeGreaterThan(50);
  expect(context.asked()).toBe(0);
});

test('a lookup that normalises issuers does not make one pass', async () => {
  const context = { ...tokenContext(), systemByIssuer: () => system() };
  expect(await codeOfAsync(() => verifyToken(withClaims({ iss: `${ISSUER}/` }), context))).toBe('token.issuer_unknown');
});

describe('one token is one token however it is spelled', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');

  test('of sixteen spellings of the last character one is accepted', async () => {
    // 256 bytes end in a character of which two bits are used: sixteen spellings stand for the same bytes.
    const value = alphabet.indexOf(GOOD.at(-1) ?? '');
    const spellings = alphabet.filter((_, index) => index >> 4 === value >> 4).map((last) => GOOD.slice(0, -1) + last);
    expect(spellings).toHaveLength(16);
    const bytes = new Set(spellings.map((text) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex')));
    expect(bytes.size).toBe(1);
    const codes = await Promise.all(spellings.map((text) => codeOfAsync(() => check(text))));
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
    expect(codes.filter((code) => code === 'token.malformed')).toHaveLength(15);
  });

  test('the twin of an ES256 signature has the same key', async () => {
    const text = token({ ...HEADER, alg: 'ES256', kid: 'p256' }, PAYLOAD, es256);
    const [first = '', second = '', third = ''] = text.split('.');
    const twin = `${first}.${second}.${encodeBase64url(twinOf(decodeBase64url(third)))}`;
    expect(twin).not.toBe(text);
    for (const hasJti of [true, false]) {
      const one = await check(text, { algorithms: ['ES256'], hasJti });
      const other = await check(twin, { algorithms: ['ES256'], hasJti });
      expect(other.tokenKey).toBe(one.tokenKey);
      expect(other.tokenSha256).not.toBe(one.tokenSha256);
    }
  });

  test('tokens without jti differ by what was signed, tokens with one by issuer and jti', async () => {
    const other = withClaims({ run_attempt: '2' });
    const keyOf = async (text: string, hasJti: boolean): Promise<string> => (await check(text, { hasJti })).tokenKey;
    expect(await keyOf(GOOD, false)).not.toBe(await keyOf(other, false));
    expect(await keyOf(GOOD, true)).toBe(await keyOf(other, true));
    expect(await keyOf(withClaims({ jti: 'another' }), true)).not.toBe(await keyOf(GOOD, true));
    expect(await codeOfAsync(() => check(without('jti'), { hasJti: false }))).toBe('accepted');
  });
});

/** The other s that verifies: the order of the group minus s. */
function twinOf(bytes: Uint8Array): Uint8Array {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`);
  return new Uint8Array([...bytes.subarray(0, 32), ...Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')]);
}

test('a platform with a fixed audience is held to the server and nothing else', async () => {
  expect(await codeOfAsync(() => check(withClaims({ aud: SERVER }), { binding: 'proof' }))).toBe('accepted');
  expect(await codeOfAsync(() => check(GOOD, { binding: 'proof' }))).toBe('token.audience');
});

test('a refusal names no part of the token', async () => {
  const secrets = [signature, payload, header, 'refs/tags/v1.4.0', '6f4762ed', 'octocat'];
  for (const [, , text] of MATRIX.filter(([code]) => code !== 'token.too_large')) {
    const error = await refusalOf(() => check(text));
    const shown = `${error.message} ${error.hint ?? ''} ${JSON.stringify(error.details ?? {})}`;
    for (const secret of [...secrets, ...text.split('.').filter((piece) => piece.length > 20)]) {
      expect(shown).not.toContain(secret);
    }
  }
});

test('a megabyte of dots is refused without making anything of it', async () => {
  const dots = '.'.repeat(5_000_000);
  const growth: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const before = process.memoryUsage().heapUsed;
    expect(await codeOfAsync(() => check(dots))).toBe('token.too_large');
    growth.push(process.memoryUsage().heapUsed - before);
  }
  // Splitting it once would make a list of 40 MB.
  expect(Math.max(...growth)).toBeLessThan(30_000_000);
});

test('keeps the age limit of the system where it has one', async () => {
  const { config, platform } = system();
  const context = tokenContext({ platform, config: { ...config, maxTokenAge: 30 } });
  expect(await codeOfAsync(() => verifyToken(withClaims({ iat: SECONDS - 90, exp: SECONDS + 10 }), context))).toBe(
    'accepted',
  );
  expect(await codeOfAsync(() => verifyToken(withClaims({ iat: SECONDS - 91, exp: SECONDS + 10 }), context))).toBe(
    'token.time',
  );
});
