import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { utf8 } from '@originsign/core/encoding/bytes';
import { derContextPrimitive, derOctetString, derOid, derSequence } from '@originsign/core/encoding/der';
import {
  encodeCertificate,
  encodeTbsCertificate,
  encodeBasicConstraints,
} from '@originsign/core/x509/certificate-builder';
import { encodeRootTbs } from '@originsign/core/x509/certificate-profiles';
import { encodeName, type NameAttribute } from '@originsign/core/x509/name';
import { Oid } from '@originsign/core/x509/oids';
import { encodePem } from './pem.ts';

/** TLS for trying out: a private authority and a certificate for one host, PEM. Nothing to do with signing keys. */
export interface TrialTls {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;

/** Makes a TLS certificate for a host name, valid for a year, under an authority whose key is thrown away. */
export function makeTrialTls(host: string, now: Date): TrialTls {
  const ca = makeKey();
  const server = makeKey();
  const caName: readonly NameAttribute[] = [{ type: 'CN', value: 'OriginSign trial TLS' }];
  const dates = { notBefore: new Date(now.getTime() - 300_000), notAfter: new Date(now.getTime() + YEAR_MS) };
  const root = encodeRootTbs({ serialNumber: serial(), subject: caName, spki: ca.spki, ...dates }, 'p-256');
  const leaf = encodeTbsCertificate({
    serialNumber: serial(),
    issuer: encodeName(caName),
    issuerKeyType: 'p-256',
    subject: encodeName([{ type: 'CN', value: host }]),
    spki: server.spki,
    ...dates,
    extensions: [encodeBasicConstraints(false), alternativeName(host)],
  });
  return {
    ca: encodePem('CERTIFICATE', issue(root, ca.privateKey)),
    certificate: encodePem('CERTIFICATE', issue(leaf, ca.privateKey)),
    key: server.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function makeKey(): { readonly privateKey: KeyObject; readonly spki: Uint8Array } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, spki: new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })) };
}

function issue(tbs: Uint8Array, key: KeyObject): Uint8Array {
  return encodeCertificate(tbs, 'p-256', new Uint8Array(sign('sha256', tbs, key)));
}

function serial(): Uint8Array {
  return Uint8Array.of(1, ...randomBytes(15));
}

/** SubjectAltName (RFC 5280 section 4.2.1.6) with a DNS name or an IPv4 address. */
function alternativeName(host: string): Uint8Array {
  const octets = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split('.').map(Number) : undefined;
  const name =
    octets === undefined ? derContextPrimitive(2, utf8(host)) : derContextPrimitive(7, Uint8Array.from(octets));
  return derSequence(derOid(Oid.subjectAltName), derOctetString(derSequence(name)));
}
