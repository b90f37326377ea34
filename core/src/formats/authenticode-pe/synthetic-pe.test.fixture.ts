import { concatBytes } from '../../encoding/bytes.ts';

/** Shape of a made-up PE file. */
export interface SyntheticPe {
  readonly wide?: boolean;
  /** Where the PE header begins. */
  readonly header?: number;
  /** Contents of the one section. */
  readonly section?: Uint8Array;
  /** Bytes behind the section. */
  readonly overlay?: Uint8Array;
  /** Security directory entry. */
  readonly security?: readonly [offset: number, length: number];
  /** Number of data directories. */
  readonly directories?: number;
  readonly checksum?: number;
}

/** Offset of the section in files whose header is at 64. */
export const SECTION_AT = 512;

/** The smallest file with the headers of a PE image: one section at 512. */
export function syntheticPe(shape: SyntheticPe = {}): Uint8Array {
  const { wide = true, header = 64, section = new Uint8Array(16).fill(0x90), overlay = new Uint8Array() } = shape;
  const headers = new DataView(new ArrayBuffer(Math.max(SECTION_AT, header + 400)));
  const optionalSize = (wide ? 112 : 96) + 128;
  const optional = header + 24;
  headers.setUint16(0, 0x5a4d, true);
  headers.setUint32(60, header, true);
  headers.setUint32(header, 0x4550, true);
  headers.setUint16(header + 4, wide ? 0x8664 : 0x14c, true);
  headers.setUint16(header + 6, 1, true);
  headers.setUint16(header + 20, optionalSize, true);
  headers.setUint16(optional, wide ? 0x20b : 0x10b, true);
  headers.setUint32(optional + 64, shape.checksum ?? 0x1234, true);
  const directories = optional + (wide ? 112 : 96);
  headers.setUint32(directories - 4, shape.directories ?? 16, true);
  headers.setUint32(directories + 32, shape.security?.[0] ?? 0, true);
  headers.setUint32(directories + 36, shape.security?.[1] ?? 0, true);
  const sections = optional + optionalSize;
  headers.setUint32(sections + 16, section.length, true);
  headers.setUint32(sections + 20, headers.byteLength, true);
  return concatBytes(new Uint8Array(headers.buffer), section, overlay);
}
