import { readDerPrefix } from '../../encoding/der-reader.ts';
import { OriginSignError } from '../../errors/error.ts';
import { CABINET } from '../authenticode/spc.ts';
import { verifyAuthenticodeBlock } from '../authenticode/verify-block.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { digestCab } from './digest.ts';
import { readCabLayout } from './layout.ts';

const MAX_SIGNATURE = 1024 * 1024;

/**
 * The Authenticode signature of a cabinet, checked against it: `undefined` where there is none. Throws `verify.digest` where the
 * cabinet is another one, `verify.signature`, `der.malformed`, `format.*`.
 */
export async function verifyCab(source: Source): Promise<VerifiedSignature | undefined> {
  const { signature } = await readCabLayout(source);
  if (signature === undefined) return undefined;
  if (signature.length > MAX_SIGNATURE) {
    throw new OriginSignError('format.too_large', 'The signature of the cabinet is too large.');
  }
  const padded = await source.read(signature.offset, signature.length);
  const block = readDerPrefix(padded).raw;
  const rest = padded.subarray(block.length);
  // These bytes are in no digest.
  if (rest.length >= 8 || rest.some((octet) => octet !== 0)) {
    throw new OriginSignError('verify.signature', 'The cabinet hides data behind its signature.');
  }
  return verifyAuthenticodeBlock('authenticode-cab', CABINET, block, async () => {
    const { coveredDigest } = await digestCab(source, {});
    return coveredDigest;
  });
}
