import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { createSigner, createVerifier, httpbis, type SignConfig } from 'http-message-signatures';
import { expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { contentDigest, matchesContentDigest } from './content-digest.ts';
import { importOneUseKey, isEs256Signature, jwkThumbprint } from './one-use-key.ts';
import { testOneUseKey } from './one-use-key.test.fixture.ts';
import { signRequest, verifyRequestSignature } from './request-signature.ts';

const { privateKey, jwk } = testOneUseKey();
const publicKey = importOneUseKey(jwk);
const keyId = jwkThumbprint(jwk);
const URL_OF_CALL = 'https://sign.acme.example/v1/signing-requests?wait=30';
const CREATED = 1_795_337_643;

test('another library verifies what we sign', async () => {
  const body = utf8('{"a":1}');
  const headers = {
    ...signRequest({ method: 'POST', targetUri: URL_OF_CALL, body, created: CREATED, key: privateKey, keyId }),
  };
  const verifier = createVerifier(publicKey.export({ type: 'spki', format: 'pem' }), 'ecdsa-p256-sha256');
  const config = {
    keyLookup: ({ keyid }: { keyid?: string }) =>
      Promise.resolve(keyid === keyId ? { id: keyId, algs: ['ecdsa-p256-sha256'], verify: verifier } : null),
    requiredFields: ['@method', '@target-uri', 'content-digest'],
    requiredParams: ['created', 'keyid'],
    notAfter: CREATED + 10,
    all: true,
  };
  const verify = (url: string): Promise<boolean | null> =>
    httpbis.verifyMessage(config, { method: 'POST', url, headers });
  expect(await verify(URL_OF_CALL)).toBe(true);
  expect(await verify(`${URL_OF_CALL}0`)).toBe(false);
});

test('we verify what another library signs in our profile, and refuse its defaults', async () => {
  const body = utf8('{"a":1}');
  const key = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }), 'ecdsa-p256-sha256', keyId);
  const profile: SignConfig = {
    key,
    name: 'originsign',
    fields: ['@method', '@target-uri', 'content-digest'],
    params: ['created', 'keyid'],
    paramValues: { created: new Date(CREATED * 1000) },
  };
  const outcome = async (config: SignConfig): Promise<string> => {
    const request = { method: 'POST', url: URL_OF_CALL, headers: { 'content-digest': contentDigest(body) } };
    const { headers } = await httpbis.signMessage(config, request);
    const field = (name: string): string => String((headers as Record<string, string>)[name]);
    return codeOf(() =>
      verifyRequestSignature({
        method: 'POST',
        targetUri: URL_OF_CALL,
        body,
        headers: {
          contentDigest: field('content-digest'),
          signatureInput: field('Signature-Input'),
          signature: field('Signature'),
        },
        publicKey,
        keyId,
        now: new Date(CREATED * 1000),
      }),
    );
  };
  expect(await outcome(profile)).toBe('accepted');
  const { params, ...defaults } = profile;
  expect(params).toHaveLength(2);
  expect(await outcome(defaults)).toBe('request.signature');
  expect(await outcome({ ...profile, name: 'sig' })).toBe('request.signature');
});

test('verifies the ECDSA P-256 signature of RFC 9421 appendix B.2.4', () => {
  const rfcKey = createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
      y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
    },
    format: 'jwk',
  });
  const base = [
    '"@status": 200',
    '"content-type": application/json',
    '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    '"content-length": 23',
    '"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
  ].join('\n');
  const signature = 'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==';
  expect(isEs256Signature(rfcKey, utf8(base), Buffer.from(signature, 'base64'))).toBe(true);
  expect(isEs256Signature(rfcKey, utf8(`${base} `), Buffer.from(signature, 'base64'))).toBe(false);
});

test.each([
  ['{"hello": "world"}', 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:'],
  ['{"hello": "world"}\n', 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:'],
  ['', 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'],
])('the content digest of %j is that of RFC 9530', (body, field) => {
  expect(contentDigest(utf8(body))).toBe(field);
  expect(matchesContentDigest(field, utf8(body))).toBe(true);
});

test('whatever is signed verifies, and nothing else does', () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
  const path = fc.webPath();
  const body = fc.uint8Array({ maxLength: 50 });
  const call = fc.record({ method, path, body });
  fc.assert(
    fc.property(call, call, (signed, received) => {
      const targetUri = `https://sign.acme.example${signed.path}`;
      const fields = signRequest({ ...signed, targetUri, created: CREATED, key: privateKey, keyId });
      const outcome = codeOf(() =>
        verifyRequestSignature({
          ...received,
          targetUri: `https://sign.acme.example${received.path}`,
          headers: {
            contentDigest: fields['content-digest'],
            signatureInput: fields['signature-input'],
            signature: fields.signature,
          },
          publicKey,
          keyId,
          now: new Date(CREATED * 1000),
        }),
      );
      const same =
        JSON.stringify({ ...signed, body: [...signed.body] }) ===
        JSON.stringify({ ...received, body: [...received.body] });
      expect(outcome).toBe(same ? 'accepted' : 'request.signature');
    }),
  );
});

test('a signature by another key is refused, also under the right key id', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const call = { method: 'GET', targetUri: URL_OF_CALL, body: new Uint8Array() };
  const fields = signRequest({ ...call, created: CREATED, key: other.privateKey, keyId });
  const headers = {
    contentDigest: fields['content-digest'],
    signatureInput: fields['signature-input'],
    signature: fields.signature,
  };
  const check = (): void =>
    verifyRequestSignature({ ...call, headers, publicKey, keyId, now: new Date(CREATED * 1000) });
  expect(codeOf(check)).toBe('request.signature');
});

test('says how far the clocks are apart', () => {
  const call = { method: 'GET', targetUri: URL_OF_CALL, body: new Uint8Array() };
  const fields = signRequest({ ...call, created: CREATED, key: privateKey, keyId });
  const headers = {
    contentDigest: fields['content-digest'],
    signatureInput: fields['signature-input'],
    signature: fields.signature,
  };
  const now = new Date((CREATED + 4000) * 1000);
  expect(() => verifyRequestSignature({ ...call, headers, publicKey, keyId, now })).toThrow(
    expect.objectContaining({ code: 'request.clock', message: 'The request signature was made 4000 s ago.' }),
  );
});

test.each([
  ['a line feed in the URL', { targetUri: 'https://a.example/\n"x": y' }],
  ['a relative URL', { targetUri: '/v1' }],
  ['a method in small letters', { method: 'get' }],
  ['fractions of a second', { created: 1.5 }],
  ['a key id with a quote', { keyId: '"' }],
])('%s is a mistake of the caller', (_, change) => {
  const call = {
    method: 'GET',
    targetUri: URL_OF_CALL,
    body: new Uint8Array(),
    created: CREATED,
    key: privateKey,
    keyId,
  };
  expect(() => signRequest({ ...call, ...change })).toThrow(TypeError);
});
