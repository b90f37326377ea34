import { createHash, type Hash } from 'node:crypto';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import type { Digested, Source } from '../format.ts';
import { checkOptionNames } from '../inputs-check.ts';
import { readChunks, type Chunk } from '../source-chunks.ts';
import { readPeLayout, type PeLayout } from './layout.ts';

/** Client: image digest and file digest in one pass. Throws `format.malformed`, `format.too_large` or `statement.options`. */
export async function digestPe(source: Source, options: JsonObject): Promise<Digested> {
  checkOptionNames(options, []);
  const layout = await readPeLayout(source);
  const file = createHash('sha256');
  const image = createHash('sha256');
  for await (const chunk of readChunks(source)) {
    file.update(chunk.bytes);
    updateImage(image, chunk, layout);
  }
  image.update(new Uint8Array(layout.padding));
  return {
    coveredDigest: { algorithm: 'authenticodeSha256', value: image.digest('hex') },
    inputs: {},
    file: { sha256: file.digest('hex'), size: source.size },
  };
}

/**
 * Adds to the image digest what of a piece of the file belongs there: all but the checksum, the directory entry of the certificate
 * table and the table itself. Source: "Windows Authenticode Portable Executable Signature Format", Calculating the PE Image Hash.
 */
function updateImage(image: Hash, { offset, bytes }: Chunk, layout: PeLayout): void {
  const { checksum, securityEntry, dataEnd } = layout;
  const covered = [
    [0, checksum],
    [checksum + 4, securityEntry],
    [securityEntry + 8, dataEnd],
  ] as const;
  for (const [start, end] of covered) {
    const from = Math.max(start, offset);
    const to = Math.min(end, offset + bytes.length);
    if (from < to) image.update(bytes.subarray(from - offset, to - offset));
  }
}
