import { decodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** True where a PEM text (RFC 7468) has certificates and every one of them can be read. */
export function hasReadableCertificates(text: string): boolean {
  try {
    const certificates = [...text.matchAll(BLOCK)].map(([, body = '']) => decodeBase64(body.replace(/\s/g, '')));
    for (const certificate of certificates) parseCertificate(certificate);
    return certificates.length > 0;
  } catch (error) {
    if (isOriginSignError(error)) return false;
    throw error;
  }
}
