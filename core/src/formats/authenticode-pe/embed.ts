import { concatBytes } from '../../encoding/bytes.ts';
import type { Embedded, Segment, Source } from '../format.ts';
import { readChunks } from '../source-chunks.ts';
import { encodeCertificateTable } from './certificate-table.ts';
import { PeChecksum } from './checksum.ts';
import { readPeLayout } from './layout.ts';

/**
 * Client: the signed image. The new certificate table replaces the old one, its directory entry and the checksum follow; every other
 * byte stays as it was. Throws `format.malformed` or `format.too_large`.
 */
export async function embedPe(source: Source, block: Uint8Array): Promise<Embedded> {
  const { checksum, securityEntry, dataEnd, padding } = await readPeLayout(source);
  const table = encodeCertificateTable(block);
  const entry = uint32Bytes(dataEnd + padding, table.length);
  const segments = (sum: Uint8Array): Segment[] => [
    copy(0, checksum),
    { bytes: sum },
    copy(checksum + 4, securityEntry),
    { bytes: entry },
    copy(securityEntry + 8, dataEnd),
    { bytes: concatBytes(new Uint8Array(padding), table) },
  ];
  const sum = new PeChecksum();
  for (const segment of segments(new Uint8Array(4))) await addSegment(sum, source, segment);
  return { kind: 'embedded', segments: segments(uint32Bytes(sum.value())) };
}

async function addSegment(sum: PeChecksum, source: Source, segment: Segment): Promise<void> {
  if ('bytes' in segment) {
    sum.update(segment.bytes);
    return;
  }
  const { offset, length } = segment.copy;
  for await (const { bytes } of readChunks(source, offset, offset + length)) sum.update(bytes);
}

function copy(start: number, end: number): Segment {
  return { copy: { offset: start, length: end - start } };
}

function uint32Bytes(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setUint32(index * 4, value, true));
  return new Uint8Array(view.buffer);
}
