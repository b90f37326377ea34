import { derBitString, derContext, derInteger, derSequence } from '../encoding/der.ts';
import type { KeyType } from './key-type.ts';
import { encodeName, type NameAttribute } from './name.ts';
import { encodeSignatureAlgorithm } from './signature-algorithm.ts';

/** DER CertificationRequestInfo without attributes: the bytes that the key signs. RFC 2986 section 4.1. */
export function encodeCertificateRequestInfo(subject: readonly NameAttribute[], spki: Uint8Array): Uint8Array {
  return derSequence(derInteger(0), encodeName(subject), spki, derContext(0));
}

/** DER CertificationRequest of the information and the key's signature over it. RFC 2986 section 4.2. */
export function encodeCertificateRequest(info: Uint8Array, keyType: KeyType, signature: Uint8Array): Uint8Array {
  return derSequence(info, encodeSignatureAlgorithm(keyType), derBitString(signature));
}
