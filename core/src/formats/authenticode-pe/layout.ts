import { OriginSignError } from '../../errors/error.ts';
import type { Source } from '../format.ts';

/** Where in a PE file the parts are that a signature changes. All numbers are file offsets or lengths in bytes. */
export interface PeLayout {
  /** CheckSum of the optional header, 4 bytes. */
  readonly checksum: number;
  /** Certificate Table entry of the data directories, 8 bytes. */
  readonly securityEntry: number;
  /** End of what is kept: headers, sections and whatever follows them, without the certificate table. */
  readonly dataEnd: number;
  /** Zero bytes that bring the data to a multiple of 8; they are part of the digest. */
  readonly padding: number;
  /** The certificate table, which ends the file. */
  readonly table?: { readonly offset: number; readonly length: number };
}

const DOS_HEADER = 64;
const FILE_HEADER = 24;
const SECTION_HEADER = 40;
const SECURITY_DIRECTORY = 4;
/** Offsets in the optional header, by its magic number: where the data directories begin. */
const DIRECTORIES: Readonly<Record<number, number>> = { 0x10b: 96, 0x20b: 112 };
const CHECKSUM = 64;
/** Checksums and directories hold 32-bit offsets. */
const MAX_SIZE = 0xffff_ffff;
/** Room left for the signature. */
const MAX_SIGNATURE = 1024 * 1024;

/** True where the file begins as a PE image does. Throws nothing for other files. */
export async function isPe(source: Source): Promise<boolean> {
  if (source.size < DOS_HEADER + FILE_HEADER) return false;
  const dos = view(await source.read(0, DOS_HEADER));
  if (dos.getUint16(0, true) !== 0x5a4d) return false;
  const header = dos.getUint32(60, true);
  if (header > source.size - FILE_HEADER) return false;
  return view(await source.read(header, 4)).getUint32(0, true) === 0x4550;
}

/**
 * Reads the headers of a PE32 or PE32+ image (Microsoft PE Format). Throws `format.malformed` where they are damaged, overlap, reach
 * past the end, or where the certificate table is not the end of the file: bytes behind it would be in nobody's digest.
 */
export async function readPeLayout(source: Source): Promise<PeLayout> {
  if (!(await isPe(source))) throw malformed('has no PE header');
  if (source.size > MAX_SIZE - MAX_SIGNATURE) {
    throw new OriginSignError('format.too_large', 'PE files end below 4 GiB.');
  }
  const header = view(await source.read(0, DOS_HEADER)).getUint32(60, true);
  if (header < DOS_HEADER || header % 4 !== 0) throw malformed('has overlapping headers');
  const file = view(await source.read(header, FILE_HEADER));
  const sections = file.getUint16(6, true);
  const optionalSize = file.getUint16(20, true);
  const optionalAt = header + FILE_HEADER;
  const headersEnd = optionalAt + optionalSize + sections * SECTION_HEADER;
  if (headersEnd > source.size) throw malformed('ends inside its headers');
  const optional = view(await source.read(optionalAt, optionalSize));
  const entry = securityEntry(optional);
  const table = view(await source.read(optionalAt + optionalSize, sections * SECTION_HEADER));
  const contentEnd = Math.max(headersEnd, sectionsEnd(table, source.size));
  const offset = optional.getUint32(entry, true);
  const length = optional.getUint32(entry + 4, true);
  const places = { checksum: optionalAt + CHECKSUM, securityEntry: optionalAt + entry };
  if (offset === 0 && length === 0) {
    return { ...places, dataEnd: source.size, padding: (8 - (source.size % 8)) % 8 };
  }
  checkTable(offset, length, contentEnd, source.size);
  return { ...places, dataEnd: offset, padding: 0, table: { offset, length } };
}

/** Offset of the directory entry in the optional header. */
function securityEntry(optional: DataView): number {
  const magic = optional.byteLength < 2 ? 0 : optional.getUint16(0, true);
  const directories = DIRECTORIES[magic];
  if (directories === undefined) throw malformed('is neither PE32 nor PE32+');
  const entry = directories + SECURITY_DIRECTORY * 8;
  if (optional.byteLength < entry + 8 || optional.getUint32(directories - 4, true) <= SECURITY_DIRECTORY) {
    throw malformed('has no place for a signature in its headers');
  }
  return entry;
}

function sectionsEnd(table: DataView, size: number): number {
  let end = 0;
  for (let offset = 0; offset < table.byteLength; offset += SECTION_HEADER) {
    const length = table.getUint32(offset + 16, true);
    const start = table.getUint32(offset + 20, true);
    if (length > 0 && start > 0) end = Math.max(end, start + length);
  }
  if (end > size) throw malformed('ends inside a section');
  return end;
}

function checkTable(offset: number, length: number, contentEnd: number, size: number): void {
  if (offset < contentEnd) throw malformed('has a certificate table that overlaps its content');
  if (offset % 8 !== 0 || length < 8) throw malformed('has a certificate table of impossible position or length');
  if (offset + length > size) throw malformed('ends inside its certificate table');
  if (offset + length < size) throw malformed('has data behind its certificate table');
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(what: string): OriginSignError {
  return new OriginSignError('format.malformed', `The PE file ${what}.`);
}
