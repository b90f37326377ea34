import { OriginSignError } from '@originsign/core/errors/error';
import type { SigningKey } from '@originsign/core/formats/format';
import { parseCertificate } from '@originsign/core/x509/certificate';
import type { StoredKey } from './stored-key.ts';

/** The key as formats see it: the chain without its root. Throws `key.certificate` where a certificate is not valid at that time. */
export function signingKeyOf(key: StoredKey, at: Date): SigningKey {
  const chain = key.certificates.map(parseCertificate);
  for (const certificate of chain) {
    if (at < certificate.notBefore || at > certificate.notAfter) {
      throw new OriginSignError(
        'key.certificate',
        `A certificate of the key ${key.label} is valid from ${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()} only.`,
      );
    }
  }
  const withoutRoot = key.certificates.length > 1 ? key.certificates.slice(0, -1) : key.certificates;
  return { type: key.type, spki: key.spki, certificates: withoutRoot };
}

/** When the first certificate of the key's chain ends; `undefined` for keys without one. */
export function certificateEnd(key: StoredKey): Date | undefined {
  const ends = key.certificates.map((certificate) => parseCertificate(certificate).notAfter.getTime());
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}
