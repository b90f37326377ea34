import { constants, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { GITHUB_ACTIONS } from '@originsign/core/platforms/github-actions';
import { GITHUB_FIXTURES } from '@originsign/core/platforms/fixtures/github';
import type { Platform } from '@originsign/core/platforms/platform';
import { createIssuerKeys } from './issuer-keys.ts';
import { verifyToken, type TokenContext, type TokenSystem, type VerifiedToken } from './verify-token.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const SERVER = 'https://sign.acme.example';
export const AUDIENCE = `${SERVER}/v1/signing-requests/${'A'.repeat(43)}`;
const NOW = new Date('2026-11-22T09:00:00Z');
export const SECONDS = NOW.getTime() / 1000;

type Json = Readonly<Record<string, unknown>>;

export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const ED25519 = generateKeyPairSync('ed25519');

/** A public key as it stands in a key set. */
export function jwkOf(key: KeyObject, kid: string, more: Json = {}): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), kid, use: 'sig', ...more };
}

const KEY_SET = {
  keys: [jwkOf(RSA.publicKey, 'rsa'), jwkOf(P256.publicKey, 'p256'), jwkOf(ED25519.publicKey, 'ed')],
};

/** The header and payload of a good token. */
export const HEADER: Json = { typ: 'JWT', alg: 'RS256', kid: 'rsa', x5t: 'eDV0' };
export const PAYLOAD: Json = {
  jti: '6f4762ed-0758-4ccb-808d-ee3af5d723a8',
  ...GITHUB_FIXTURES['github-tag-push'],
  iss: ISSUER,
  aud: AUDIENCE,
  nbf: SECONDS - 600,
  iat: SECONDS,
  exp: SECONDS + 300,
};

/** Text of a token part: JSON, or the text itself. */
export const part = (value: Json | string): string =>
  encodeBase64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)));

/** Signs header and payload as they are, with the given or the issuer's RSA key. */
export function token(
  header: Json | string,
  payload: Json | string,
  signer: (input: Uint8Array) => Uint8Array = rs256,
): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${encodeBase64url(signer(utf8(input)))}`;
}

const rs256 = (input: Uint8Array): Uint8Array => new Uint8Array(sign('sha256', input, RSA.privateKey));
export const ps256 = (input: Uint8Array): Uint8Array =>
  new Uint8Array(
    sign('sha256', input, { key: RSA.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  );
export const es256 = (input: Uint8Array): Uint8Array =>
  new Uint8Array(sign('sha256', input, { key: P256.privateKey, dsaEncoding: 'ieee-p1363' }));
export const ed25519 = (input: Uint8Array): Uint8Array => new Uint8Array(sign(null, input, ED25519.privateKey));

/** GitHub as it is, with other algorithms or without `jti` for tests of other platforms' ways. */
export const platform = (change: Partial<Platform> = {}): Platform => ({ ...GITHUB_ACTIONS, ...change });

export const system = (change: Partial<Platform> = {}): TokenSystem => ({
  config: { id: 'github', issuer: ISSUER, allowPrivateAddress: false },
  platform: platform(change),
});

/** A context whose issuer serves the key set above; `asked` counts how often. */
export function tokenContext(
  systems: TokenSystem = system(),
  keySet: unknown = KEY_SET,
): TokenContext & { readonly asked: () => number } {
  let asked = 0;
  const keys = createIssuerKeys({
    source: () => {
      asked += 1;
      return Promise.resolve(utf8(JSON.stringify(keySet)));
    },
    now: () => NOW,
    onKeySet: () => Promise.resolve(),
  });
  return {
    systemByIssuer: (issuer) => (issuer === systems.config.issuer ? systems : undefined),
    keys,
    audience: { request: AUDIENCE, server: SERVER },
    now: NOW,
    asked: () => asked,
  };
}

/** Verifies against a fresh context. */
export const check = (text: string, change: Partial<Platform> = {}): Promise<VerifiedToken> =>
  verifyToken(text, tokenContext(system(change)));
