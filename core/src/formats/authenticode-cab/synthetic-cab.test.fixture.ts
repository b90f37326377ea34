import { concatBytes, utf8 } from '../../encoding/bytes.ts';

/** Shape of a made-up cabinet; the smallest honest one where nothing is said. */
export interface SyntheticCab {
  readonly folders?: number;
  readonly data?: Uint8Array;
  /** Reserved sizes and area in place of none. */
  readonly reserve?: Uint8Array;
  readonly flags?: number;
  readonly number?: number;
  readonly set?: number;
}

/** Room for a signature as makers reserve it: sizes 20, 0, 0, then the mark and no signature yet. */
export const EMPTY_RESERVE = Uint8Array.of(20, 0, 0, 0, 0, 0, 0x10, 0, ...new Uint8Array(16));

/** A cabinet with one empty file in each folder; its data is not compressed by anybody. */
export function syntheticCab(shape: SyntheticCab = {}): Uint8Array {
  const { folders = 1, data = utf8('not compressed'), reserve = new Uint8Array() } = shape;
  const file = concatBytes(new Uint8Array(16), utf8('a.txt\0'));
  const headEnd = 36 + reserve.length + folders * 8;
  const filesEnd = headEnd + folders * file.length;
  const size = filesEnd + data.length;
  const header = new DataView(new ArrayBuffer(36));
  header.setUint32(0, 0x4d534346);
  header.setUint32(8, size, true);
  header.setUint32(16, headEnd, true);
  header.setUint16(24, 0x0103, true);
  header.setUint16(26, folders, true);
  header.setUint16(28, folders, true);
  header.setUint16(30, shape.flags ?? (reserve.length > 0 ? 4 : 0), true);
  header.setUint16(32, shape.set ?? 0x1234, true);
  header.setUint16(34, shape.number ?? 0, true);
  const folderBytes = Array.from({ length: folders }, (_, index) => {
    const folder = new DataView(new ArrayBuffer(8));
    folder.setUint32(0, filesEnd + Math.min(index, data.length), true);
    folder.setUint16(4, 1, true);
    return new Uint8Array(folder.buffer);
  });
  const files = Array.from({ length: folders }, () => file);
  return concatBytes(new Uint8Array(header.buffer), reserve, ...folderBytes, ...files, data);
}

/** The same bytes with a little-endian number at a place. */
export function patched(bytes: Uint8Array, at: number, value: number, size: 1 | 2 | 4 = 4): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const fields = new DataView(copy.buffer);
  if (size === 1) fields.setUint8(at, value);
  else if (size === 2) fields.setUint16(at, value, true);
  else fields.setUint32(at, value, true);
  return copy;
}

/** What a signed cabinet was before: without signature and reserve, its offsets moved back. */
export function unsignedAgain(signed: Uint8Array): Uint8Array {
  const fields = new DataView(signed.buffer, signed.byteOffset, signed.byteLength);
  const end = fields.getUint32(44, true);
  const folders = fields.getUint16(26, true);
  const back = concatBytes(signed.subarray(0, 36), signed.subarray(60, end));
  const moved = new DataView(back.buffer);
  for (const at of [8, 16, ...Array.from({ length: folders }, (_, index) => 36 + index * 8)]) {
    moved.setUint32(at, moved.getUint32(at, true) - 24, true);
  }
  moved.setUint16(30, moved.getUint16(30, true) & ~4, true);
  return back;
}
