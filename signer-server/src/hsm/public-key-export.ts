import { derBitString, derInteger, derNull, derOid, derSequence, Tag } from '@originsign/core/encoding/der';
import { readDer } from '@originsign/core/encoding/der-reader';
import { encodeHex } from '@originsign/core/encoding/hex';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';
import { Oid } from '@originsign/core/x509/oids';

/** Attributes of a public key as a token reports them. */
export type PublicKeyAttributes =
  | { readonly kind: 'rsa'; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
  | { readonly kind: 'ec'; readonly parameters: Uint8Array; readonly point: Uint8Array };

/** CKA_EC_PARAMS in hexadecimal: named curves as identifier, edwards25519 also by name (PKCS#11 3.0 section 6.3.5). */
const CURVES: Readonly<Record<string, CurveEntry>> = {
  '06082a8648ce3d030107': {
    type: 'p-256',
    pointLength: 65,
    algorithm: derSequence(derOid(Oid.ecPublicKey), derOid(Oid.p256)),
  },
  '06052b81040022': {
    type: 'p-384',
    pointLength: 97,
    algorithm: derSequence(derOid(Oid.ecPublicKey), derOid(Oid.p384)),
  },
  '130c656477617264733235353139': { type: 'ed25519', pointLength: 32, algorithm: derSequence(derOid(Oid.ed25519)) },
  '06032b6570': { type: 'ed25519', pointLength: 32, algorithm: derSequence(derOid(Oid.ed25519)) },
};

interface CurveEntry {
  readonly type: KeyType;
  readonly pointLength: number;
  readonly algorithm: Uint8Array;
}

/** DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of a key on a token; throws `hsm.configuration` for keys of other kinds. */
export function encodePublicKey(attributes: PublicKeyAttributes): Uint8Array {
  if (attributes.kind === 'rsa') {
    const key = derSequence(derInteger(attributes.modulus), derInteger(attributes.exponent));
    return derSequence(derSequence(derOid(Oid.rsaEncryption), derNull()), derBitString(key));
  }
  const curve = curveOf(attributes.parameters);
  return derSequence(curve.algorithm, derBitString(curvePoint(attributes.point, curve.pointLength)));
}

/** Type of an elliptic key by its CKA_EC_PARAMS; throws `hsm.configuration`. */
export function curveType(parameters: Uint8Array): KeyType {
  return curveOf(parameters).type;
}

function curveOf(parameters: Uint8Array): CurveEntry {
  const curve = CURVES[encodeHex(parameters)];
  if (curve !== undefined) return curve;
  throw new OriginSignError('hsm.configuration', 'The key on the token is on a curve that is not supported.');
}

/** CKA_EC_POINT is an OCTET STRING around the point; older modules return the point itself. Lengths tell them apart. */
function curvePoint(value: Uint8Array, length: number): Uint8Array {
  if (value.length === length) return value;
  try {
    const wrapped = readDer(value);
    if (wrapped.tag === Tag.octetString && wrapped.contents.length === length) return wrapped.contents;
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
  }
  throw new OriginSignError('hsm.configuration', 'The token reports a public key in a form that is not supported.');
}
