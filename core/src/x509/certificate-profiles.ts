import {
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectKeyIdentifier,
  encodeTbsCertificate,
} from './certificate-builder.ts';
import type { KeyType } from './key-type.ts';
import { encodeName, type NameAttribute } from './name.ts';
import { Oid } from './oids.ts';

/** Whose certificate it is and for how long. */
export interface CertificateSubject {
  readonly serialNumber: Uint8Array;
  readonly subject: readonly NameAttribute[];
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who signs it. */
export interface CertificateIssuer {
  /** DER Name: the `subject` of the issuer's own certificate. */
  readonly name: Uint8Array;
  readonly spki: Uint8Array;
  readonly keyType: KeyType;
}

/** TBSCertificate of a self-signed root that issues leaf certificates only. */
export function encodeRootTbs(root: CertificateSubject, keyType: KeyType): Uint8Array {
  const name = encodeName(root.subject);
  return encodeTbsCertificate({
    ...root,
    issuer: name,
    subject: name,
    issuerKeyType: keyType,
    extensions: [
      encodeBasicConstraints(true, 0),
      encodeKeyUsage('keyCertSign', 'cRLSign'),
      encodeSubjectKeyIdentifier(root.spki),
    ],
  });
}

/** TBSCertificate of a publisher: signs code and nothing else. */
export function encodeCodeSigningTbs(leaf: CertificateSubject, issuer: CertificateIssuer): Uint8Array {
  return encodeLeafTbs(leaf, issuer, encodeExtendedKeyUsage(false, Oid.codeSigning));
}

/** TBSCertificate of a timestamp authority; RFC 3161 section 2.3 wants the use critical and alone. */
export function encodeTimestampingTbs(leaf: CertificateSubject, issuer: CertificateIssuer): Uint8Array {
  return encodeLeafTbs(leaf, issuer, encodeExtendedKeyUsage(true, Oid.timeStamping));
}

function encodeLeafTbs(leaf: CertificateSubject, issuer: CertificateIssuer, use: Uint8Array): Uint8Array {
  return encodeTbsCertificate({
    ...leaf,
    issuer: issuer.name,
    issuerKeyType: issuer.keyType,
    subject: encodeName(leaf.subject),
    extensions: [
      encodeBasicConstraints(false),
      encodeKeyUsage('digitalSignature'),
      use,
      encodeSubjectKeyIdentifier(leaf.spki),
      encodeAuthorityKeyIdentifier(issuer.spki),
    ],
  });
}
