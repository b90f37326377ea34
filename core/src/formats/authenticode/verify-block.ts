import { createHash } from 'node:crypto';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { equalBytes } from '../../encoding/bytes.ts';
import { decodeHex } from '../../encoding/hex.ts';
import { OriginSignError } from '../../errors/error.ts';
import { parseSignedData } from '../../x509/cms-parse.ts';
import { verifySigner } from '../../x509/cms-verify.ts';
import type { VerifiedSignature } from '../format.ts';
import { readIndirectData, SpcOid, type SpcDataKind } from './spc.ts';

/**
 * Checks a SignedData that was found in a file of this kind; `digest` reads the file only once the signature itself is good. Throws
 * `verify.digest` where the file is another one, `verify.signature`, `der.malformed`, or `format.unsupported` for SHA-1.
 */
export async function verifyAuthenticodeBlock(
  format: string,
  kind: SpcDataKind,
  block: Uint8Array,
  digest: () => Promise<CoveredDigest>,
): Promise<VerifiedSignature> {
  const signedData = parseSignedData(block);
  const { signer, content, certificates, contentType } = signedData;
  if (contentType !== SpcOid.indirectData || content === undefined) {
    throw new OriginSignError(
      'verify.signature',
      `The signature of the ${kind.noun} is not an Authenticode signature.`,
    );
  }
  const signedDigest = readIndirectData(kind, content);
  const certificate = verifySigner(signedData, (name) => createHash(name).update(content.contents).digest());
  const coveredDigest = await digest();
  if (!equalBytes(signedDigest, decodeHex(coveredDigest.value))) {
    throw new OriginSignError('verify.digest', `The ${kind.noun} was changed after it was signed.`);
  }
  const timestamp = signer.unsignedAttributes.get(SpcOid.timestampToken);
  const nested = signer.unsignedAttributes.has(SpcOid.nestedSignature);
  return {
    format,
    coveredDigest,
    signature: signer.signature,
    spki: certificate.spki,
    signerCertificate: certificate.der,
    certificates,
    ...(timestamp === undefined ? {} : { timestampToken: timestamp.raw }),
    ...(nested ? { notes: ['The signature carries a second one inside, which was not checked.'] } : {}),
  };
}
