import { decodeBase64 } from '../encoding/base64.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { OriginSignError } from '../errors/error.ts';
import type { VerifiedSignature } from '../formats/format.ts';
import { formatById } from '../formats/registry.ts';
import { verifiesUnder } from '../formats/verifies-under.ts';
import type { TrustFile } from '../protocol/trust-file.ts';
import { verifyChain } from '../x509/chain.ts';
import { Oid } from '../x509/oids.ts';
import { verifyTimestampToken } from '../x509/timestamp-token.ts';
import type { Signer } from './report.ts';
import { isValidAt } from './validity.ts';

/** What was found out about the time of a signature. */
export interface SignatureTimestamp {
  /** By a trusted timestamp; `undefined` where the signature has none. */
  readonly time: Date | undefined;
}

/** The timestamp of a signature, if it has one: a bad one is never passed over. Throws `verify.timestamp`. RFC 3161. */
export function verifySignatureTimestamp(signature: VerifiedSignature, trust: TrustFile): SignatureTimestamp {
  const { timestampToken } = signature;
  if (timestampToken === undefined) return { time: undefined };
  const roots = trust.timestampRoots.map(({ certificate }) => decodeBase64(certificate));
  return { time: verifyTimestampToken(timestampToken, signature.signature, roots).time };
}

/** Times at which a signer is looked at. */
export interface SignerTimes {
  readonly now: Date;
  /** Of a trusted timestamp. */
  readonly timestamp: Date | undefined;
  /** Of a verified log entry. */
  readonly logged: Date | undefined;
}

/**
 * Who signed, by what the trust file pins. A certificate counts at the time of the trusted timestamp, else now. A bare key
 * cannot expire by itself: it counts at the time of the log entry, else now, and only for formats of its own purpose. Throws
 * `verify.certificate` or `verify.signature`.
 */
export function verifySigner(signature: VerifiedSignature, trust: TrustFile, times: SignerTimes): Signer {
  const { signerCertificate, certificates } = signature;
  const { certificate, purpose } = formatById(signature.format);
  if (!certificate) return verifyBareKey(signature, purpose, trust, times.logged ?? times.now);
  if (signerCertificate === undefined) {
    throw new OriginSignError('verify.certificate', 'The signature comes without the certificate of its signer.');
  }
  const roots = trust.signingRoots.map(({ certificate }) => decodeBase64(certificate));
  const at = times.timestamp ?? times.now;
  const chain = verifyChain(signerCertificate, certificates, roots, { at, extendedKeyUsage: Oid.codeSigning });
  const [leaf] = chain;
  if (leaf === undefined) throw new TypeError('A verified chain has a leaf.');
  return { name: leaf.subjectText, issuer: leaf.issuerText, spkiSha256: sha256Hex(leaf.spki) };
}

function verifyBareKey(signature: VerifiedSignature, purpose: string, trust: TrustFile, at: Date): Signer {
  for (const key of trust.signingKeys) {
    if (key.purpose !== purpose || !isValidAt(key, at)) continue;
    const spki = decodeBase64(key.spki);
    if (verifiesUnder(signature, spki)) return { name: key.label, spkiSha256: sha256Hex(spki) };
  }
  throw new OriginSignError(
    'verify.signature',
    `No ${purpose} key that the trust file names for the time made the signature.`,
  );
}
