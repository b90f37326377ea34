import { createHash } from 'node:crypto';
import { equalBytes } from '../../encoding/bytes.ts';
import { decodeHex } from '../../encoding/hex.ts';
import { OriginSignError } from '../../errors/error.ts';
import { parseSignedData } from '../../x509/cms-parse.ts';
import { verifySigner } from '../../x509/cms-verify.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { MAX_CERTIFICATE_TABLE, readCertificateTable } from './certificate-table.ts';
import { digestPe } from './digest.ts';
import { readPeLayout } from './layout.ts';
import { readIndirectData, SpcOid } from './spc.ts';

/**
 * The Authenticode signature of a PE image, checked against the image: `undefined` where there is none. Throws `verify.digest` where
 * the image is another one, `verify.signature`, `der.malformed`, `format.malformed`, or `format.unsupported` for SHA-1.
 */
export async function verifyPe(source: Source): Promise<VerifiedSignature | undefined> {
  const { table } = await readPeLayout(source);
  if (table === undefined) return undefined;
  if (table.length > MAX_CERTIFICATE_TABLE) {
    throw new OriginSignError('format.too_large', 'The certificate table of the PE file is too large.');
  }
  const signedData = parseSignedData(readCertificateTable(await source.read(table.offset, table.length)));
  const { signer, content, certificates, contentType } = signedData;
  if (contentType !== SpcOid.indirectData || content === undefined) {
    throw new OriginSignError('verify.signature', 'The signature of the PE file is not an Authenticode signature.');
  }
  const imageDigest = readIndirectData(content);
  const certificate = verifySigner(signedData, (digest) => createHash(digest).update(content.contents).digest());
  const { coveredDigest } = await digestPe(source, {});
  if (!equalBytes(imageDigest, decodeHex(coveredDigest.value))) {
    throw new OriginSignError('verify.digest', 'The PE file was changed after it was signed.');
  }
  const timestamp = signer.unsignedAttributes.get(SpcOid.timestampToken);
  const nested = signer.unsignedAttributes.has(SpcOid.nestedSignature);
  return {
    format: 'authenticode-pe',
    coveredDigest,
    signature: signer.signature,
    spki: certificate.spki,
    signerCertificate: certificate.der,
    certificates,
    ...(timestamp === undefined ? {} : { timestampToken: timestamp.raw }),
    ...(nested ? { notes: ['The signature carries a second one inside, which was not checked.'] } : {}),
  };
}
