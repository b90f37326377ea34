import { constants, verify } from 'node:crypto';
import type { TokenParts } from './token-parts.ts';
import type { IssuerKey, KeySet, TokenAlgorithm } from './jwk-set.ts';

/** Everything that a platform may list; `none` and the HMAC family are not algorithms here. */
const ALGORITHMS: ReadonlySet<string> = new Set<TokenAlgorithm>(['RS256', 'PS256', 'ES256', 'EdDSA']);

/** True where the name is exactly that of an algorithm with public keys that this server can verify. */
export function isTokenAlgorithm(name: string): name is TokenAlgorithm {
  return ALGORITHMS.has(name);
}

/** What a key set says about a token. */
export type SignatureCheck = 'verified' | 'unknown_key' | 'failed';

/** Looks the key up by its id alone and verifies the signature under the given algorithm, never under one of the key's choice. */
export function checkTokenSignature(parts: TokenParts, algorithm: TokenAlgorithm, keySet: KeySet): SignatureCheck {
  const { kid } = parts.header;
  const key = kid === undefined ? undefined : keySet.keys.get(kid);
  if (key === undefined) return 'unknown_key';
  return key.algorithms.includes(algorithm) && isSignature(parts, algorithm, key) ? 'verified' : 'failed';
}

function isSignature({ signingInput, signature }: TokenParts, algorithm: TokenAlgorithm, { key }: IssuerKey): boolean {
  switch (algorithm) {
    case 'RS256':
      return verify('sha256', signingInput, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    case 'PS256':
      return verify(
        'sha256',
        signingInput,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        signature,
      );
    case 'ES256':
      return signature.length === 64 && verify('sha256', signingInput, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return verify(null, signingInput, key, signature);
  }
}
