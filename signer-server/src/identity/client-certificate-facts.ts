import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import type { CertificateFacts } from '@originsign/core/platforms/client-certificate';
import { NO_ALTERNATIVE_NAMES, readAlternativeNames } from '@originsign/core/x509/alternative-names';
import type { Certificate } from '@originsign/core/x509/certificate';
import { readCertificateTemplate, readCertificateTemplateName } from '@originsign/core/x509/certificate-template';
import { hasInvisibleCharacters, isVisibleName, nameAttributes } from '@originsign/core/x509/name';
import { Oid } from '@originsign/core/x509/oids';
import { revocationKey } from '@originsign/core/x509/revocation-list';

/** Longer names are in no certificate of a node, and would fill logs. */
const MAX_TEXT = 2048;

/**
 * What policies may ask about a verified certificate. `issuer` is the certificate next to it in its chain. Throws
 * `der.malformed`, and `certificate.malformed` for names as {@link checkCertificateNames} does.
 */
export function certificateFacts(leaf: Certificate, issuer: Certificate): CertificateFacts {
  const commonNames = nameAttributes(leaf.subject, 'CN');
  const units = nameAttributes(leaf.subject, 'OU').filter((unit) => unit !== undefined);
  const alternative = read(leaf, Oid.subjectAltName, readAlternativeNames) ?? NO_ALTERNATIVE_NAMES;
  const template = read(leaf, Oid.certificateTemplate, readCertificateTemplate);
  const templateName = read(leaf, Oid.certificateTemplateName, readCertificateTemplateName);
  const [commonName] = commonNames.length === 1 ? commonNames : [];
  for (const text of [templateName ?? '', ...alternative.dnsNames, ...alternative.uris]) {
    if (text.length > MAX_TEXT || hasInvisibleCharacters(text)) throw badName();
  }
  return {
    subject: leaf.subjectText,
    issuer: leaf.issuerText,
    organizationalUnits: units,
    issuerKeySha256: sha256Hex(issuer.spki),
    keySha256: sha256Hex(leaf.spki),
    dnsNames: alternative.dnsNames,
    uris: alternative.uris,
    addresses: alternative.addresses,
    extendedKeyUsages: leaf.extendedKeyUsage ?? [],
    serial: revocationKey(leaf.serialNumber).replace(/^(?:00)+(?=.)/, ''),
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    ...(commonName === undefined ? {} : { commonName }),
    ...(template === undefined ? {} : { template }),
    ...(templateName === undefined ? {} : { templateName }),
  };
}

function read<T>({ extensions }: Certificate, oid: string, parse: (value: Uint8Array) => T): T | undefined {
  const extension = extensions.find((candidate) => candidate.oid === oid);
  return extension === undefined ? undefined : parse(extension.value);
}

/**
 * Refuses names that would forge lines, or fill them, wherever they are shown: before any message can hold them. Throws
 * `certificate.malformed`, `der.malformed`.
 */
export function checkCertificateNames({ subject, issuer, subjectText, issuerText }: Certificate): void {
  const tooLong = subjectText.length > MAX_TEXT || issuerText.length > MAX_TEXT;
  if (tooLong || !isVisibleName(subject) || !isVisibleName(issuer)) throw badName();
}

function badName(): OriginSignError {
  const message = 'A name in the client certificate is too long or has control or direction characters.';
  return new OriginSignError('certificate.malformed', message);
}
