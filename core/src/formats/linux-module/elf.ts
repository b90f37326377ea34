import { OriginSignError } from '../../errors/error.ts';
import type { Source } from '../format.ts';

/** How the fields of an ELF file lie; "Tool Interface Standard ELF Specification 1.2" and the ELF-64 object file format. */
interface Shape {
  readonly wide: boolean;
  readonly little: boolean;
}

const IDENT = 16;
const HEADER = { narrow: 52, wide: 64 } as const;
const RELOCATABLE = 1;
/** Section that every module has and no other object file: modpost writes it. */
const MODULE_SECTION = '.gnu.linkonce.this_module';
/** Sections that are looked at, and bytes of their names: real modules stay below 2,000 and 64 KiB. */
const MAX_SECTIONS = 16_384;
const MAX_NAMES = 1024 * 1024;

/** True where the content is a kernel module: a relocatable ELF file with the section that names one. Throws nothing for others. */
export async function isKernelModule(source: Source): Promise<boolean> {
  const shape = await readShape(source);
  if (shape === undefined) return false;
  const size = shape.wide ? HEADER.wide : HEADER.narrow;
  if (source.size < size) return false;
  const header = view(await source.read(0, size));
  if (header.getUint16(16, shape.little) !== RELOCATABLE) return false;
  const at = shape.wide ? 40 : 32;
  const tail = shape.wide ? 58 : 46;
  const offset = readAddress(header, at, shape);
  const [entry, count, names] = [0, 2, 4].map((step) => header.getUint16(tail + step, shape.little));
  if (entry !== (shape.wide ? 64 : 40) || count === undefined || names === undefined) return false;
  if (count > MAX_SECTIONS || names >= count || offset + count * entry > source.size) return false;
  return hasModuleSection(source, view(await source.read(offset, count * entry)), { shape, entry, names });
}

/** Throws `format.malformed` for what is no kernel module. */
export async function checkKernelModule(source: Source): Promise<void> {
  if (await isKernelModule(source)) return;
  throw new OriginSignError('format.malformed', 'The file is no kernel module.', {
    hint: 'sign modules before they are compressed: the kernel checks what it has decompressed',
  });
}

async function hasModuleSection(
  source: Source,
  table: DataView,
  { shape, entry, names }: { readonly shape: Shape; readonly entry: number; readonly names: number },
): Promise<boolean> {
  const place = names * entry;
  const start = readAddress(table, place + (shape.wide ? 24 : 16), shape);
  const length = readAddress(table, place + (shape.wide ? 32 : 20), shape);
  if (length > MAX_NAMES || start + length > source.size) return false;
  const text = Buffer.from(await source.read(start, length)).toString('latin1');
  for (let at = 0; at < table.byteLength; at += entry) {
    const name = table.getUint32(at, shape.little);
    if (text.startsWith(`${MODULE_SECTION}\0`, name) && name < length) return true;
  }
  return false;
}

async function readShape(source: Source): Promise<Shape | undefined> {
  if (source.size < IDENT) return undefined;
  const ident = view(await source.read(0, IDENT));
  const [kind, order] = [ident.getUint8(4), ident.getUint8(5)];
  if (ident.getUint32(0) !== 0x7f454c46 || kind < 1 || kind > 2 || order < 1 || order > 2) return undefined;
  return { wide: kind === 2, little: order === 1 };
}

/** An offset or size; those beyond 2^53 come out beyond every file. */
function readAddress(fields: DataView, at: number, { wide, little }: Shape): number {
  return wide ? Number(fields.getBigUint64(at, little)) : fields.getUint32(at, little);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
