import { encodeHex } from '../../encoding/hex.ts';
import type { BesideReader, Source, VerifiedSignature } from '../format.ts';
import { hashBoth, readWhole } from './digest.ts';
import { globalMessage, parseMinisign } from './signature-file.ts';

/** Extension of the file beside the signed one. */
export const MINISIGN_EXTENSION = '.minisig';

/**
 * The signature beside a file. It carries no key, so that only `verifiesUnder` says whether its two signatures verify; the identifier
 * of the key in it is a hint that nobody signed. Throws `verify.signature` for a damaged one, `format.too_large`.
 */
export async function verifyMinisign(source: Source, beside: BesideReader): Promise<VerifiedSignature | undefined> {
  const bytes = await beside(MINISIGN_EXTENSION);
  if (bytes === undefined) return undefined;
  const { algorithm, signature, trustedComment, globalSignature } = parseMinisign(bytes);
  const { blake2b } = await hashBoth(source);
  const message = algorithm === 'ED' ? blake2b : await readWhole(source);
  return {
    format: 'minisign',
    coveredDigest: { algorithm: 'blake2b512', value: encodeHex(blake2b) },
    signature,
    certificates: [],
    signed: { message, also: { message: globalMessage(signature, trustedComment), signature: globalSignature } },
  };
}
