import { X509Certificate } from 'node:crypto';
import { clientCertificateOf } from '@originsign/core/client/client-certificate';
import { isOriginSignError } from '@originsign/core/errors/error';
import { failed, type Environment, type Finding } from './finding.ts';

/** Which client certificate calls to the signing server carry; nothing where there is none. Whether it counts only the server knows. */
export function checkCertificate(environment: Environment, now: Date): readonly Finding[] {
  try {
    const certificate = clientCertificateOf(environment);
    if (certificate === undefined) return [];
    if (!('cert' in certificate))
      return [{ state: 'ok', name: 'node', text: 'a client certificate, in a PKCS#12 file' }];
    return [pemFinding(new X509Certificate(certificate.cert), now)];
  } catch (error) {
    if (isOriginSignError(error)) return [failed('node', error)];
    throw error;
  }
}

function pemFinding({ subject, issuer, validFrom, validTo }: X509Certificate, now: Date): Finding {
  const facts = [
    ['subject', oneLine(subject)],
    ['issuer', oneLine(issuer)],
    ['valid', `${validFrom} to ${validTo}`],
  ] as const;
  if (now >= new Date(validFrom) && now <= new Date(validTo)) {
    return { state: 'ok', name: 'node', text: 'a client certificate', facts };
  }
  return {
    state: 'fail',
    name: 'node',
    text: 'the client certificate is not valid at this time',
    facts,
    hint: 'renew the certificate of this node',
    code: 'certificate.expired',
  };
}

/** Most specific first, as policies write names. */
function oneLine(name: string): string {
  return name.split('\n').reverse().join(',');
}
