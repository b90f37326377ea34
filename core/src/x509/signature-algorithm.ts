import { verify } from 'node:crypto';
import { derNull, derOid, derSequence, Tag } from '../encoding/der.ts';
import { oidText, readDer, sequenceCursor } from '../encoding/der-reader.ts';
import { OriginSignError } from '../errors/error.ts';
import type { KeyType } from './key-type.ts';
import { digestOfOid, Oid, type DigestName } from './oids.ts';
import { parsePublicKey, type PublicKeyInfo } from './public-key.ts';
import { importPublicKey } from './signature.ts';

/** How a signature in a certificate or a CMS structure was made. The digest is absent where CMS names it elsewhere. */
export interface SignatureScheme {
  readonly key: PublicKeyInfo['algorithm'];
  readonly digest?: DigestName;
}

const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  [Oid.rsaEncryption]: { key: 'rsa' },
  [Oid.sha256WithRsa]: { key: 'rsa', digest: 'sha256' },
  [Oid.sha384WithRsa]: { key: 'rsa', digest: 'sha384' },
  [Oid.sha512WithRsa]: { key: 'rsa', digest: 'sha512' },
  [Oid.ecPublicKey]: { key: 'ec' },
  [Oid.ecdsaWithSha256]: { key: 'ec', digest: 'sha256' },
  [Oid.ecdsaWithSha384]: { key: 'ec', digest: 'sha384' },
  [Oid.ecdsaWithSha512]: { key: 'ec', digest: 'sha512' },
  [Oid.ed25519]: { key: 'ed25519' },
};

/** Reads an AlgorithmIdentifier without parameters or with NULL; returns the identifier. Throws `der.malformed` or `format.unsupported`. */
export function readAlgorithm(bytes: Uint8Array): string {
  const parts = sequenceCursor(readDer(bytes));
  const oid = oidText(parts.take());
  const parameters = parts.rest();
  const [first] = parameters;
  if (parameters.length > 1 || (first !== undefined && (first.tag !== Tag.null || first.contents.length !== 0))) {
    throw new OriginSignError('format.unsupported', `The algorithm ${oid} has parameters that are not supported.`);
  }
  return oid;
}

/** Reads a digest AlgorithmIdentifier; throws `format.unsupported` for SHA-1 and whatever else is not SHA-2. */
export function readDigestAlgorithm(bytes: Uint8Array): DigestName {
  const oid = readAlgorithm(bytes);
  const digest = digestOfOid(oid);
  if (digest !== undefined) return digest;
  throw new OriginSignError('format.unsupported', `The digest algorithm ${oid} is not supported.`);
}

/** Reads a signature AlgorithmIdentifier; throws `format.unsupported` for algorithms that are weak or unknown. */
export function readSignatureScheme(bytes: Uint8Array): SignatureScheme {
  const oid = readAlgorithm(bytes);
  const scheme = SCHEMES[oid];
  if (scheme !== undefined) return scheme;
  throw new OriginSignError('format.unsupported', `The signature algorithm ${oid} is not supported.`);
}

/** True where the signature over the bytes verifies under the key with exactly this scheme, whose digest must be known. */
export function verifiesWithScheme(
  spki: Uint8Array,
  scheme: SignatureScheme,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { algorithm } = parsePublicKey(spki);
  if (algorithm !== scheme.key || (scheme.digest === undefined) !== (algorithm === 'ed25519')) return false;
  try {
    return verify(scheme.digest ?? null, bytes, importPublicKey(spki), signature);
  } catch {
    return false;
  }
}

/** AlgorithmIdentifier of what keys of this type sign. RSA carries NULL (RFC 4055 section 5), the others nothing (RFC 5758, RFC 8410). */
export function encodeSignatureAlgorithm(type: KeyType): Uint8Array {
  switch (type) {
    case 'p-256':
      return derSequence(derOid(Oid.ecdsaWithSha256));
    case 'p-384':
      return derSequence(derOid(Oid.ecdsaWithSha384));
    case 'ed25519':
      return derSequence(derOid(Oid.ed25519));
    default:
      return derSequence(derOid(Oid.sha256WithRsa), derNull());
  }
}

/** AlgorithmIdentifier of SHA-256 with NULL, the form that the oldest Windows verifiers expect. */
export function encodeSha256Algorithm(): Uint8Array {
  return derSequence(derOid(Oid.sha256), derNull());
}
