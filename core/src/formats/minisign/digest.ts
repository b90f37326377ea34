import { createHash } from 'node:crypto';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { encodeBase64 } from '../../encoding/base64.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { Digested, Source } from '../format.ts';
import { checkCoveredDigest, checkInputNames } from '../inputs-check.ts';
import { readContent } from '../raw/digest.ts';
import { MAX_CONTENT } from '../raw/options.ts';
import { readChunks } from '../source-chunks.ts';
import { isLegacy } from './options.ts';

/** BLAKE2b with 64 bytes of output (RFC 7693). */
export function blake2b512(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('blake2b512').update(bytes).digest());
}

/** Both digests of a file in one pass. */
export async function hashBoth(source: Source): Promise<{ readonly blake2b: Uint8Array; readonly sha256: string }> {
  const [blake2b, sha256] = [createHash('blake2b512'), createHash('sha256')];
  for await (const { bytes } of readChunks(source)) {
    blake2b.update(bytes);
    sha256.update(bytes);
  }
  return { blake2b: new Uint8Array(blake2b.digest()), sha256: sha256.digest('hex') };
}

/** The file itself, for legacy signatures. Throws `format.too_large` above 1 MiB. */
export function readWhole(source: Source): Promise<Uint8Array> {
  if (source.size <= MAX_CONTENT) return source.read(0, source.size);
  throw new OriginSignError('format.too_large', 'Legacy minisign signatures are for files of 1 MiB at most.', {
    hint: 'leave the option legacy out: minisign knows the other kind since 0.6',
  });
}

/** Client: the file's BLAKE2b, and the file itself for a legacy signature. Throws `format.too_large`, `statement.options`. */
export async function digestMinisign(source: Source, options: JsonObject): Promise<Digested> {
  const inputs = isLegacy(options) ? { content: encodeBase64(await readWhole(source)) } : {};
  const { blake2b, sha256 } = await hashBoth(source);
  return {
    coveredDigest: { algorithm: 'blake2b512', value: encodeHex(blake2b) },
    inputs,
    file: { sha256, size: source.size },
  };
}

/** Server: throws `statement.*`, also where the content is not the one of the digest. */
export function checkMinisignInputs(coveredDigest: CoveredDigest, inputs: JsonObject, options: JsonObject): void {
  checkCoveredDigest(coveredDigest, 'blake2b512');
  if (!isLegacy(options)) {
    checkInputNames(inputs, []);
    return;
  }
  checkInputNames(inputs, ['content']);
  if (encodeHex(blake2b512(readContent(inputs))) === coveredDigest.value) return;
  throw new OriginSignError('statement.inputs', 'The content is not the one of the digest.');
}
