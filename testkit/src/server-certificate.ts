import { utf8 } from '@originsign/core/encoding/bytes';
import { derContextPrimitive, derOctetString, derOid, derSequence } from '@originsign/core/encoding/der';
import { encodeBasicConstraints, encodeTbsCertificate } from '@originsign/core/x509/certificate-builder';
import { encodeName } from '@originsign/core/x509/name';
import { Oid } from '@originsign/core/x509/oids';
import { pem } from './pem.ts';
import { issueCertificate, makeTestAuthority, makeTestKey, testSubject } from './test-authority.ts';

/** A TLS server's certificate and the private authority that vouches for it, all PEM. */
export interface ServerCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Issues a certificate for host names (`localhost` where left out) under a new private authority. */
export function makeServerCertificate(...hosts: readonly string[]): ServerCertificate {
  const root = makeTestKey('p-256');
  const authority = makeTestAuthority(root);
  const key = makeTestKey('p-256');
  const subject = testSubject('Test TLS', key);
  const tbs = encodeTbsCertificate({
    ...subject,
    issuer: encodeName(testSubject('Test Root', root).subject),
    issuerKeyType: root.type,
    subject: encodeName(subject.subject),
    extensions: [encodeBasicConstraints(false), alternativeNames(hosts.length === 0 ? ['localhost'] : hosts)],
  });
  return {
    ca: pem('CERTIFICATE', authority.certificate),
    cert: pem('CERTIFICATE', issueCertificate(tbs, root)),
    key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** SubjectAltName with DNS names. RFC 5280 section 4.2.1.6. */
function alternativeNames(hosts: readonly string[]): Uint8Array {
  const names = derSequence(...hosts.map((host) => derContextPrimitive(2, utf8(host))));
  return derSequence(derOid(Oid.subjectAltName), derOctetString(names));
}
