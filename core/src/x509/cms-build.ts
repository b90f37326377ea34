import {
  derContext,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  der,
  Tag,
} from '../encoding/der.ts';
import { parseCertificate } from './certificate.ts';
import { retagAttributes } from './cms-attributes.ts';
import type { KeyType } from './key-type.ts';
import { Oid } from './oids.ts';
import { encodeSha256Algorithm, encodeSignatureAlgorithm } from './signature-algorithm.ts';

/** What a finished SignedData consists of. The digest algorithm is SHA-256. */
export interface SignedDataParts {
  /** 1 for plain data and for Authenticode, which predates RFC 5652; 3 for other content types. */
  readonly version: 1 | 3;
  readonly contentType: string;
  /** DER value that stands as the content; a detached signature has none. */
  readonly content?: Uint8Array;
  /** Leaf first. */
  readonly certificates: readonly [Uint8Array, ...Uint8Array[]];
  readonly keyType: KeyType;
  /** What `encodeSignedAttributes` returned and the key signed. */
  readonly signedAttributes: Uint8Array;
  readonly signature: Uint8Array;
  /** Encoded attributes. */
  readonly unsignedAttributes?: readonly Uint8Array[];
}

/** DER ContentInfo with a SignedData of one signer (RFC 5652 section 5.1). */
export function encodeSignedData(parts: SignedDataParts): Uint8Array {
  const content = parts.content === undefined ? [] : [derContext(0, parts.content)];
  const signedData = derSequence(
    derInteger(parts.version),
    derSetOf(encodeSha256Algorithm()),
    derSequence(derOid(parts.contentType), ...content),
    retagAttributes(derSetOf(...parts.certificates), 0xa0),
    derSetOf(encodeSignerInfo(parts)),
  );
  return derSequence(derOid(Oid.signedData), derContext(0, signedData));
}

function encodeSignerInfo(parts: SignedDataParts): Uint8Array {
  const { issuer, serialNumber } = parseCertificate(parts.certificates[0]);
  const { unsignedAttributes = [] } = parts;
  const unsigned = unsignedAttributes.length === 0 ? [] : [retagAttributes(derSetOf(...unsignedAttributes), 0xa1)];
  return derSequence(
    derInteger(1),
    derSequence(issuer, der(Tag.integer, serialNumber)),
    encodeSha256Algorithm(),
    retagAttributes(parts.signedAttributes, 0xa0),
    encodeCmsSignatureAlgorithm(parts.keyType),
    derOctetString(parts.signature),
    ...unsigned,
  );
}

/** CMS names the digest beside the signature, and Windows expects plain rsaEncryption here (RFC 3370 section 3.2). */
function encodeCmsSignatureAlgorithm(type: KeyType): Uint8Array {
  return type.startsWith('rsa-') ? derSequence(derOid(Oid.rsaEncryption), derNull()) : encodeSignatureAlgorithm(type);
}
