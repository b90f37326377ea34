import { OriginSignError } from '../../errors/error.ts';
import { PE_IMAGE } from '../authenticode/spc.ts';
import { verifyAuthenticodeBlock } from '../authenticode/verify-block.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { MAX_CERTIFICATE_TABLE, readCertificateTable } from './certificate-table.ts';
import { digestPe } from './digest.ts';
import { readPeLayout } from './layout.ts';

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
  const block = readCertificateTable(await source.read(table.offset, table.length));
  return verifyAuthenticodeBlock('authenticode-pe', PE_IMAGE, block, async () => {
    const { coveredDigest } = await digestPe(source, {});
    return coveredDigest;
  });
}
