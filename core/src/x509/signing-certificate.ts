import { createHash } from 'node:crypto';
import { equalBytes } from '../encoding/bytes.ts';
import { derOctetString, derSequence, Tag } from '../encoding/der.ts';
import { readDerAll, sequenceCursor, type DerValue } from '../encoding/der-reader.ts';
import { sha256 } from '../encoding/sha256.ts';
import { encodeAttribute, type CmsAttributes } from './cms-attributes.ts';
import { Oid } from './oids.ts';
import { readDigestAlgorithm } from './signature-algorithm.ts';

/** Signed attribute that ties a signature to one certificate, by SHA-256 of the certificate. RFC 5035 section 3. */
export function encodeSigningCertificate(certificate: Uint8Array): Uint8Array {
  const certificateId = derSequence(derOctetString(sha256(certificate)));
  return encodeAttribute(Oid.signingCertificateV2, derSequence(derSequence(certificateId)));
}

/**
 * True where the signed attributes name this certificate as the signer's: by ESSCertIDv2 (RFC 5035), or by ESSCertID (RFC 2634) of
 * authorities that are older. Where both are there, both must. Throws `der.malformed`.
 */
export function namesSigningCertificate(attributes: CmsAttributes, certificate: Uint8Array): boolean {
  const first = attributes.get(Oid.signingCertificate);
  const second = attributes.get(Oid.signingCertificateV2);
  if (first === undefined && second === undefined) return false;
  return (
    (first === undefined || equalBytes(firstId(first).hash, createHash('sha1').update(certificate).digest())) &&
    (second === undefined || matchesSecond(second, certificate))
  );
}

function matchesSecond(value: DerValue, certificate: Uint8Array): boolean {
  const { hash, algorithm } = firstId(value);
  return equalBytes(
    hash,
    createHash(algorithm ?? 'sha256')
      .update(certificate)
      .digest(),
  );
}

/** The signer's own entry is the first of the list. */
function firstId(value: DerValue) {
  const list = sequenceCursor(value).take(Tag.sequence);
  const [first] = readDerAll(list.contents);
  const parts = sequenceCursor(first ?? list);
  const algorithm = parts.takeIf(Tag.sequence);
  const hash = parts.take(Tag.octetString).contents;
  return { hash, algorithm: algorithm === undefined ? undefined : readDigestAlgorithm(algorithm.raw) };
}
