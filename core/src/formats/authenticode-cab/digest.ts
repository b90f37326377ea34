import { createHash } from 'node:crypto';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import type { Digested, Source } from '../format.ts';
import { checkOptionNames } from '../inputs-check.ts';
import { readChunks } from '../source-chunks.ts';
import { readCabLayout, RESERVE_END } from './layout.ts';

/**
 * Client: Authenticode digest and file digest in one pass. The digest is that of the cabinet as it will be when it is signed: without
 * its first reserved field, the number in its set and the place of the signature, and so the same before and after.
 * Throws `format.*`, `statement.options`.
 */
export async function digestCab(source: Source, options: JsonObject): Promise<Digested> {
  checkOptionNames(options, []);
  const { head, body } = await readCabLayout(source);
  const file = createHash('sha256');
  const cabinet = createHash('sha256');
  for (const [start, end] of [
    [0, 4],
    [8, 34],
    [RESERVE_END.start + 4, head.length],
  ]) {
    cabinet.update(head.subarray(start, end));
  }
  for await (const { offset, bytes } of readChunks(source)) {
    file.update(bytes);
    const from = Math.max(body.start, offset);
    const to = Math.min(body.end, offset + bytes.length);
    if (from < to) cabinet.update(bytes.subarray(from - offset, to - offset));
  }
  return {
    coveredDigest: { algorithm: 'authenticodeSha256', value: cabinet.digest('hex') },
    inputs: {},
    file: { sha256: file.digest('hex'), size: source.size },
  };
}
