import { OriginSignError } from '@originsign/core/errors/error';
import { decodeBase64, encodeBase64 } from '@originsign/core/encoding/base64';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** DER of every certificate in a PEM text, in order. Throws `key.certificate` where there is none. RFC 7468. */
export function pemCertificates(text: string): readonly Uint8Array[] {
  const certificates = [...text.matchAll(CERTIFICATE)].map(([, body = '']) => decodeBase64(body.replace(/\s+/g, '')));
  if (certificates.length === 0) throw new OriginSignError('key.certificate', 'The text holds no PEM certificate.');
  return certificates;
}

/** PEM of DER under a label such as `CERTIFICATE`. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
