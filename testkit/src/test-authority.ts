import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { encodeCertificate } from '@originsign/core/x509/certificate-builder';
import {
  encodeCodeSigningTbs,
  encodeRootTbs,
  encodeTimestampingTbs,
  type CertificateIssuer,
  type CertificateSubject,
} from '@originsign/core/x509/certificate-profiles';
import { keyTypeOf, type KeyType } from '@originsign/core/x509/key-type';
import { encodeName } from '@originsign/core/x509/name';
import { signatureDigest } from '@originsign/core/x509/signature';

/** A software key: for tests and examples alone. */
export interface TestKey {
  readonly type: KeyType;
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
  /** Signs a message in the convention of `verifySignature`. */
  sign(message: Uint8Array): Uint8Array;
}

/** A key with its certificate. */
export interface TestCertificate {
  readonly key: TestKey;
  readonly certificate: Uint8Array;
}

/** A root and what it issues. */
export interface TestAuthority extends TestCertificate {
  codeSigning(key: TestKey, change?: Partial<CertificateSubject>): TestCertificate;
  timestamping(key: TestKey, change?: Partial<CertificateSubject>): TestCertificate;
}

/** Makes a fresh key. RSA-2048 takes a moment; P-256 and Ed25519 do not. */
export function makeTestKey(type: KeyType): TestKey {
  return testKey(generatePrivateKey(type));
}

/** The key of a PEM file. */
export function readTestKey(pem: string): TestKey {
  return testKey(createPrivateKey(pem));
}

function generatePrivateKey(type: KeyType): KeyObject {
  if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (type === 'p-256' || type === 'p-384') {
    return generateKeyPairSync('ec', { namedCurve: type.toUpperCase() }).privateKey;
  }
  return generateKeyPairSync('rsa', { modulusLength: Number(type.slice(4)) }).privateKey;
}

function testKey(privateKey: KeyObject): TestKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const type = keyTypeOf(spki);
  return { type, spki, privateKey, sign: (message) => sign(signatureDigest(type) ?? null, message, privateKey) };
}

const DAY = 86_400_000;

/** Default dates reach from a day ago to 30 days ahead. */
export function testSubject(
  commonName: string,
  key: TestKey,
  change: Partial<CertificateSubject> = {},
): CertificateSubject {
  return {
    serialNumber: Uint8Array.of(1, ...randomBytes(15)),
    subject: [
      { type: 'CN', value: commonName },
      { type: 'O', value: 'OriginSign Test' },
    ],
    spki: key.spki,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 30 * DAY),
    ...change,
  };
}

/** Signs a TBSCertificate. */
export function issueCertificate(tbs: Uint8Array, issuer: TestKey): Uint8Array {
  return encodeCertificate(tbs, issuer.type, issuer.sign(tbs));
}

/** Makes a self-signed root with this key. */
export function makeTestAuthority(key: TestKey, change: Partial<CertificateSubject> = {}): TestAuthority {
  const root = testSubject('Test Root', key, change);
  const issuer: CertificateIssuer = { name: encodeName(root.subject), spki: key.spki, keyType: key.type };
  return {
    key,
    certificate: issueCertificate(encodeRootTbs(root, key.type), key),
    codeSigning: (leaf, leafChange) => {
      const tbs = encodeCodeSigningTbs(testSubject('Acme, Inc.', leaf, leafChange), issuer);
      return { key: leaf, certificate: issueCertificate(tbs, key) };
    },
    timestamping: (leaf, leafChange) => {
      const tbs = encodeTimestampingTbs(testSubject('Test Timestamps', leaf, leafChange), issuer);
      return { key: leaf, certificate: issueCertificate(tbs, key) };
    },
  };
}
