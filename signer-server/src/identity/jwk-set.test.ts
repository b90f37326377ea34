import { generateKeyPairSync } from 'node:crypto';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { MAX_KEYS, parseKeySet, type KeySet } from './jwk-set.ts';
import { ED25519, jwkOf, P256, RSA } from './token.test.fixture.ts';

type Json = Readonly<Record<string, unknown>>;

const GOOD: Json = { ...jwkOf(RSA.publicKey, 'good') };
const bytesOf = (document: unknown): Uint8Array => utf8(JSON.stringify(document));
const read = (...keys: readonly unknown[]): KeySet => parseKeySet(bytesOf({ keys }));
const rsa = (modulusLength: number, publicExponent = 65_537): Json => ({
  ...generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' }),
  kid: 'other',
});
const modulus = (bits: number): string => encodeBase64url(new Uint8Array(bits / 8).fill(0xff));

describe('ignores, reports and lives without', () => {
  test.each<readonly [string, unknown, RegExp]>([
    ['a symmetric key', { kty: 'oct', kid: 'other', k: 'AAAA' }, /type/],
    ['a key without kid', { ...GOOD, kid: undefined }, /kid/],
    ['a kid that is a number', { ...GOOD, kid: 7 }, /kid/],
    ['a key that is no object', 'key', /kid/],
    ['null', null, /kid/],
    ['an encryption key', { ...GOOD, kid: 'other', use: 'enc' }, /not for signatures/],
    ['a key for signing alone', { ...GOOD, kid: 'other', key_ops: ['sign'] }, /not for verifying/],
    ['a key for RS512', { ...GOOD, kid: 'other', alg: 'RS512' }, /another algorithm/],
    ['a key for an HMAC', { ...GOOD, kid: 'other', alg: 'HS256' }, /another algorithm/],
    ['RSA with 1,024 bits', rsa(1024), /1024 bits/],
    ['RSA with 2,040 bits', { ...GOOD, kid: 'other', n: modulus(2040) }, /2040 bits/],
    [
      'RSA with 2,048 bits of which the first are zero',
      { ...GOOD, kid: 'other', n: encodeBase64url(new Uint8Array(256).fill(1)) },
      /2041 bits/,
    ],
    ['RSA with 16,384 bits', { ...GOOD, kid: 'other', n: modulus(16_384) }, /16384 bits/],
    ['RSA with e = 1', { ...GOOD, kid: 'other', e: 'AQ' }, /exponent/],
    ['RSA with e = 0', { ...GOOD, kid: 'other', e: 'AA' }, /exponent/],
    ['RSA with e = 2', { ...GOOD, kid: 'other', e: 'Ag' }, /exponent/],
    ['RSA with e = 65536', { ...GOOD, kid: 'other', e: 'AQAA' }, /exponent/],
    ['RSA with a huge e', { ...GOOD, kid: 'other', e: modulus(256) }, /exponent/],
    ['RSA without modulus', { kty: 'RSA', kid: 'other', e: 'AQAB' }, /malformed/],
    ['RSA in another spelling', { ...GOOD, kid: 'other', e: 'AQAB=' }, /malformed/],
    ['P-384', jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey, 'other'), /type/],
    ['secp256k1', jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey, 'other'), /type/],
    [
      'a point that is not on the curve',
      { kty: 'EC', crv: 'P-256', kid: 'other', x: modulus(256), y: modulus(256) },
      /malformed/,
    ],
    ['Ed448', jwkOf(generateKeyPairSync('ed448').publicKey, 'other'), /type/],
    ['an unknown type', { kty: 'AKP', kid: 'other', alg: 'ML-DSA-44', pub: 'AA' }, /type/],
  ])('%s', (_, key, reason) => {
    const set = read(key, GOOD);
    expect([...set.keys.keys()]).toEqual(['good']);
    expect(set.ignored).toEqual([{ position: 0, reason: expect.stringMatching(reason) as string }]);
  });
});

test('two keys of one kid are both ignored, also where one of them is unusable', () => {
  const twice = { ...GOOD, kid: 'twice' };
  expect([...read(twice, jwkOf(P256.publicKey, 'twice'), GOOD).keys.keys()]).toEqual(['good']);
  expect([...read(twice, { kty: 'oct', kid: 'twice', k: 'AA' }, GOOD).keys.keys()]).toEqual(['good']);
});

test('reads the key types of CI platforms with the algorithms that fit them', () => {
  const { keys } = read(GOOD, jwkOf(P256.publicKey, 'p256'), jwkOf(ED25519.publicKey, 'ed'), {
    ...rsa(2048, 3),
    kid: 'three',
  });
  expect([...keys.values()].map(({ kid, algorithms }) => [kid, algorithms])).toEqual([
    ['good', ['RS256', 'PS256']],
    ['p256', ['ES256']],
    ['ed', ['EdDSA']],
    ['three', ['RS256', 'PS256']],
  ]);
  expect(
    read({ ...GOOD, alg: 'RS256', key_ops: ['verify'], x5c: ['AA=='], x5t: 'x' }).keys.get('good')?.algorithms,
  ).toEqual(['RS256']);
});

test('takes nothing but the public part of a key', () => {
  const leaked = { ...P256.privateKey.export({ format: 'jwk' }), kid: 'leaked' };
  expect(read(leaked).keys.get('leaked')?.key.type).toBe('public');
});

test('names the set by the hash of its bytes', () => {
  const body = bytesOf({ keys: [GOOD] });
  expect(parseKeySet(body).hash).toBe(sha256Hex(body));
  expect(parseKeySet(body).body).toBe(body);
});

test.each<readonly [string, Uint8Array]>([
  ['nothing', new Uint8Array()],
  ['HTML', utf8('<html>')],
  ['a list', bytesOf([GOOD])],
  ['no keys', bytesOf({})],
  ['keys that are no list', bytesOf({ keys: { good: GOOD } })],
  ['an empty list', bytesOf({ keys: [] })],
  ['no usable key', bytesOf({ keys: [{ kty: 'oct', kid: 'a', k: 'AA' }] })],
  [
    'one key too many',
    bytesOf({ keys: Array.from({ length: MAX_KEYS + 1 }, (_, index) => ({ ...GOOD, kid: `k${index}` })) }),
  ],
  ['a member twice', utf8(`{"keys":[],"keys":[${JSON.stringify(GOOD)}]}`)],
  ['deep nesting', utf8(`{"keys":${'['.repeat(100)}`)],
])('refuses a set of %s', (_, body) => {
  expect(codeOf(() => parseKeySet(body))).toBe('issuer.keys_unavailable');
});

test('takes as many keys as are allowed', () => {
  expect(read(...Array.from({ length: MAX_KEYS }, (_, index) => ({ ...GOOD, kid: `k${index}` }))).keys.size).toBe(
    MAX_KEYS,
  );
});
