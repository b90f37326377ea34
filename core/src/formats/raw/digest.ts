import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { decodeBase64, encodeBase64 } from '../../encoding/base64.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { sha256Hex } from '../../encoding/sha256.ts';
import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import type { Digested, Source } from '../format.ts';
import { checkCoveredDigest, checkInputNames } from '../inputs-check.ts';
import { digestWholeFile } from '../source-chunks.ts';
import { MAX_CONTENT, parseRawOptions } from './options.ts';

/** Client: the file's SHA-256, and the file itself where the option `message: content` asks for it. */
export async function digestRaw(source: Source, options: JsonObject): Promise<Digested> {
  if (parseRawOptions(options).message === 'digest') return digestWholeFile(source);
  if (source.size > MAX_CONTENT) {
    throw new OriginSignError('format.too_large', 'Keys that sign whole messages sign files of 1 MiB at most.', {
      hint: 'use an RSA or P-256 key, which signs the digest',
    });
  }
  const content = await source.read(0, source.size);
  const value = sha256Hex(content);
  return {
    coveredDigest: { algorithm: 'sha256', value },
    inputs: { content: encodeBase64(content) },
    file: { sha256: value, size: source.size },
  };
}

/** Server: throws `statement.*`, also where the content is not the one of the digest. */
export function checkRawInputs(coveredDigest: CoveredDigest, inputs: JsonObject, options: JsonObject): void {
  checkCoveredDigest(coveredDigest, 'sha256');
  if (parseRawOptions(options).message === 'digest') {
    checkInputNames(inputs, []);
    return;
  }
  checkInputNames(inputs, ['content']);
  // The subject is what people approve and the log records: the content must be exactly that.
  if (sha256Hex(readContent(inputs)) !== coveredDigest.value)
    throw refused('The content is not the one of the digest.');
}

/** The file in the inputs; throws `statement.inputs`. */
export function readContent(inputs: JsonObject): Uint8Array {
  const { content } = inputs;
  if (typeof content !== 'string') throw refused('The inputs have no content.');
  if (content.length > Math.ceil(MAX_CONTENT / 3) * 4) throw refused('The content is larger than 1 MiB.');
  try {
    const bytes = decodeBase64(content);
    if (bytes.length > MAX_CONTENT) throw refused('The content is larger than 1 MiB.');
    return bytes;
  } catch (error) {
    if (!isOriginSignError(error, 'encoding.base64')) throw error;
    throw refused('The content is not canonical base64.');
  }
}

function refused(what: string): OriginSignError {
  return new OriginSignError('statement.inputs', what);
}
