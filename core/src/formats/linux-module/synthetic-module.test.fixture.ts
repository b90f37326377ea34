import { concatBytes, utf8 } from '../../encoding/bytes.ts';

/** Shape of a made-up module. */
export interface SyntheticModule {
  readonly wide?: boolean;
  readonly little?: boolean;
  readonly data?: Uint8Array;
  /** 1 for relocatable files. */
  readonly type?: number;
  readonly section?: string;
}

/** The smallest ELF file that says it is a kernel module: header, data, names, three sections. */
export function syntheticModule(shape: SyntheticModule = {}): Uint8Array {
  const { wide = true, little = true, data = utf8('machine code'), section = '.gnu.linkonce.this_module' } = shape;
  const names = utf8(`\0${section}\0.shstrtab\0`);
  const [headerSize, entry] = wide ? [64, 64] : [52, 40];
  const namesAt = headerSize + data.length;
  const header = new DataView(new ArrayBuffer(headerSize));
  const table = new DataView(new ArrayBuffer(3 * entry));
  const address = (fields: DataView, at: number, value: number) =>
    wide ? fields.setBigUint64(at, BigInt(value), little) : fields.setUint32(at, value, little);
  header.setUint32(0, 0x7f454c46);
  header.setUint8(4, wide ? 2 : 1);
  header.setUint8(5, little ? 1 : 2);
  header.setUint16(16, shape.type ?? 1, little);
  address(header, wide ? 40 : 32, namesAt + names.length);
  for (const [index, value] of [entry, 3, 2].entries()) header.setUint16((wide ? 58 : 46) + index * 2, value, little);
  table.setUint32(entry, 1, little);
  table.setUint32(2 * entry, 2 + section.length, little);
  address(table, 2 * entry + (wide ? 24 : 16), namesAt);
  address(table, 2 * entry + (wide ? 32 : 20), names.length);
  return concatBytes(new Uint8Array(header.buffer), data, names, new Uint8Array(table.buffer));
}
