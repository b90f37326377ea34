import { decodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** DER of every certificate in a PEM file (RFC 7468), or `undefined` where there is none or one of them cannot be read. */
export function parsePemCertificates(text: string): readonly Uint8Array[] | undefined {
  try {
    const certificates = [...text.matchAll(BLOCK)].map(([, body = '']) => decodeBase64(body.replace(/\s/g, '')));
    for (const certificate of certificates) parseCertificate(certificate);
    return certificates.length === 0 ? undefined : certificates;
  } catch (error) {
    if (isOriginSignError(error)) return undefined;
    throw error;
  }
}
