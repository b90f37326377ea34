import { equalBytes } from '../encoding/bytes.ts';
import { Tag } from '../encoding/der.ts';
import { derError, oidText } from '../encoding/der-reader.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import type { SignedData, SignerIdentifier } from './cms-parse.ts';
import { Oid, type DigestName } from './oids.ts';
import { readSignatureScheme, verifiesWithScheme } from './signature-algorithm.ts';

/**
 * Checks the one signature of a SignedData (RFC 5652 section 5.6): the signer's certificate is among the certificates, the signed
 * attributes name the content's type and digest, and the signature over them verifies. The certificate's chain is not checked.
 * `contentDigest` digests the content's octets. Returns the signer's certificate. Throws `verify.digest` where the content is
 * another one, `verify.signature` otherwise, `der.malformed` for attributes that cannot be read.
 */
export function verifySigner(signedData: SignedData, contentDigest: (digest: DigestName) => Uint8Array): Certificate {
  const { signer, contentType } = signedData;
  const certificate = findSigner(signedData.certificates, signer.identifier);
  const statedType = signer.signedAttributes.get(Oid.contentType);
  const statedDigest = signer.signedAttributes.get(Oid.messageDigest);
  if (statedType === undefined || oidText(statedType) !== contentType) throw failed('names another type of content');
  if (statedDigest === undefined) throw failed('does not name the digest of its content');
  if (statedDigest.tag !== Tag.octetString) throw derError('expected a message digest');
  const scheme = readSignatureScheme(signer.signatureAlgorithm);
  if (scheme.digest !== undefined && scheme.digest !== signer.digest) throw failed('names two digest algorithms');
  const exact = { key: scheme.key, digest: signer.digest };
  if (!verifiesWithScheme(certificate.spki, exact, signer.signedAttributesBytes, signer.signature)) {
    throw failed('does not verify under the key of its certificate');
  }
  if (!equalBytes(statedDigest.contents, contentDigest(signer.digest))) {
    throw new OriginSignError('verify.digest', 'The signature is genuine, but for other content.');
  }
  return certificate;
}

function findSigner(certificates: readonly Uint8Array[], identifier: SignerIdentifier): Certificate {
  const found = certificates.flatMap(readable).find((candidate) => matches(candidate, identifier));
  if (found === undefined) throw failed('does not carry the certificate of its signer');
  return found;
}

function readable(bytes: Uint8Array): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (error) {
    if (isOriginSignError(error)) return [];
    throw error;
  }
}

function matches(certificate: Certificate, identifier: SignerIdentifier): boolean {
  if ('keyIdentifier' in identifier) {
    return equalBytes(certificate.subjectKeyIdentifier ?? new Uint8Array(), identifier.keyIdentifier);
  }
  const { issuer, serialNumber } = identifier;
  return equalBytes(certificate.issuer, issuer) && equalBytes(certificate.serialNumber, serialNumber);
}

function failed(what: string): OriginSignError {
  return new OriginSignError('verify.signature', `The signature ${what}.`);
}
