import { OriginSignError } from '@originsign/core/errors/error';
import { encodeCertificateRequest, encodeCertificateRequestInfo } from '@originsign/core/x509/certificate-request';
import type { NameAttribute } from '@originsign/core/x509/name';
import { needsCertificate } from '../hsm/trial-ca.ts';
import type { Db } from '../store/database.ts';
import { checkedSignature } from './checked-signature.ts';
import { logKeyUse } from './key-register.ts';
import type { SigningHsm } from './ports.ts';
import type { StoredKey } from './stored-key.ts';

/** Types of attribute that people write in a subject. */
const TYPES: Readonly<Record<string, NameAttribute['type']>> = { CN: 'CN', O: 'O', OU: 'OU', C: 'C', L: 'L', ST: 'ST' };

/**
 * A PKCS#10 request for a key's certificate, DER. What is signed is logged before the HSM signs it. Throws `key.purpose` where
 * keys of this purpose get no certificate, `hsm.*`.
 */
export async function requestCertificate(
  { db, hsm, now }: { readonly db: Db; readonly hsm: SigningHsm; readonly now: Date },
  key: StoredKey,
  subject: readonly NameAttribute[],
): Promise<Uint8Array> {
  if (!needsCertificate(key.purpose)) {
    throw new OriginSignError('key.purpose', `A key for ${key.purpose} gets no certificate.`);
  }
  const info = encodeCertificateRequestInfo(subject, key.spki);
  await logKeyUse(db, { action: 'csr', key, toBeSigned: info }, now);
  const signature = await checkedSignature(hsm, key, { kind: 'message', bytes: info });
  return encodeCertificateRequest(info, key.type, signature);
}

/** Reads a subject such as `CN=Acme Release,O=Acme\, Inc.,C=DE`; a backslash takes the next character as it is. Throws `input.invalid`. */
export function parseSubject(text: string): readonly NameAttribute[] {
  const parts = [...text.matchAll(/(?:\\.|[^,\\])+/gsu)].map(([part]) => part.trim());
  const attributes = parts.map((part) => {
    const [, name = '', value = ''] = /^([A-Z]{1,2})=(.+)$/su.exec(part) ?? [];
    const type = TYPES[name];
    if (type === undefined) {
      throw new OriginSignError('input.invalid', 'The subject is not of the form CN=…,O=…,C=….', {
        hint: `use ${Object.keys(TYPES).join(', ')}`,
      });
    }
    return { type, value: value.replace(/\\(.)/gsu, '$1') };
  });
  if (attributes.some(({ type }) => type === 'CN')) return attributes;
  throw new OriginSignError('input.missing', 'The subject needs a CN.');
}
