import { createSign, generateKeyPairSync } from 'node:crypto';
import { codeOf } from '@originsign/testkit/error-code';
import { expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { importOneUseKey, isEs256Signature, jwkThumbprint, parseOneUseJwk, signEs256 } from './one-use-key.ts';
import { testOneUseKey } from './one-use-key.test.fixture.ts';

test('is thumbprinted as in the example of RFC 9449 section 6.1', () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
  } as const;
  expect(jwkThumbprint(parseOneUseJwk(jwk))).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
});

test('signs what its public half verifies, in 64 bytes and no other form', () => {
  const { privateKey, jwk } = testOneUseKey();
  const publicKey = importOneUseKey(jwk);
  const message = utf8('message');
  const signature = signEs256(privateKey, message);
  expect(signature).toHaveLength(64);
  expect(isEs256Signature(publicKey, message, signature)).toBe(true);
  expect(isEs256Signature(publicKey, utf8('Message'), signature)).toBe(false);
  expect(
    isEs256Signature(publicKey, message, new Uint8Array(createSign('sha256').update(message).sign(privateKey))),
  ).toBe(false);
  expect(isEs256Signature(publicKey, message, new Uint8Array(64))).toBe(false);
  expect(isEs256Signature(publicKey, message, new Uint8Array([...signature, 0]))).toBe(false);
  expect(isEs256Signature(publicKey, message, new Uint8Array())).toBe(false);
});

test('a fresh key each time', () => {
  expect(jwkThumbprint(testOneUseKey().jwk)).not.toBe(jwkThumbprint(testOneUseKey().jwk));
});

test.each([[null], ['key'], [[]], [{}]])('refuses %j', (value) => {
  expect(codeOf(() => parseOneUseJwk(value))).toBe('statement.malformed');
});

test('refuses the private key and the key of another curve', () => {
  const { privateKey } = testOneUseKey();
  expect(codeOf(() => parseOneUseJwk(privateKey.export({ format: 'jwk' })))).toBe('statement.malformed');
  const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' });
  expect(codeOf(() => parseOneUseJwk({ ...other, crv: 'P-256' }))).toBe('statement.malformed');
});
