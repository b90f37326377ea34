import { concatBytes } from '../../encoding/bytes.ts';
import type { Embedded, Source } from '../format.ts';
import { readCabLayout, SIGNATURE_LENGTH, SIGNATURE_OFFSET } from './layout.ts';

/**
 * Client: the signed cabinet. The new signature replaces an old one; the header gets its place, offsets move where the header grew,
 * and every other byte stays as it was. Throws `format.*`.
 */
export async function embedCab(source: Source, block: Uint8Array): Promise<Embedded> {
  const { head, body } = await readCabLayout(source);
  const length = body.end - body.start;
  // Signing tools pad to a multiple of 8 and count the padding in.
  const padded = concatBytes(block, new Uint8Array((8 - (block.length % 8)) % 8));
  const fields = new DataView(head.buffer, head.byteOffset, head.byteLength);
  fields.setUint32(SIGNATURE_OFFSET, head.length + length, true);
  fields.setUint32(SIGNATURE_LENGTH, padded.length, true);
  return {
    kind: 'embedded',
    segments: [{ bytes: head }, { copy: { offset: body.start, length } }, { bytes: padded }],
  };
}
