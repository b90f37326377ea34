import { OriginSignError } from '../errors/error.ts';
import { parseEntryBundle } from './entry-bundle.ts';
import { HASH_LENGTH } from './merkle-hash.ts';
import { TILE_WIDTH, tilePath, type TileName } from './tile-paths.ts';

/** Files of a log below its prefix, in a directory or behind a URL. `undefined` where there is no such file. */
export interface LogFiles {
  read(path: string): Promise<Uint8Array | undefined>;
}

/** What kind of disagreement was found; stands in `details.kind` of `verify.log`. */
export type LogProblem = 'missing' | 'malformed' | 'entry' | 'tile' | 'rewritten' | 'truncated' | 'fork' | 'order';

/** The error of everything that an offline check of a log finds. */
export function logError(
  kind: LogProblem,
  message: string,
  details: Readonly<Record<string, unknown>>,
): OriginSignError {
  return new OriginSignError('verify.log', message, { details: { kind, ...details } });
}

/** A file with the path that it was found under. */
interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly width: number;
}

/** A partial tile may be deleted once the full one exists: then the full one is cut. c2sp.org/tlog-tiles, "Partial Tiles". */
async function readTileFile(files: LogFiles, name: TileName): Promise<FoundFile> {
  for (const width of new Set([name.width, TILE_WIDTH])) {
    const path = tilePath({ ...name, width });
    const bytes = await files.read(path);
    if (bytes !== undefined) return { path, bytes, width };
  }
  const path = tilePath(name);
  throw logError('missing', `The log lacks ${path}.`, { path });
}

/** Hashes of a tile. Throws `verify.log` where it is missing or has another number of hashes. */
export async function readTile(files: LogFiles, name: TileName): Promise<{ path: string; hashes: Uint8Array[] }> {
  const { path, bytes, width } = await readTileFile(files, name);
  if (bytes.length !== width * HASH_LENGTH) {
    throw logError('malformed', `${path} has ${bytes.length} bytes instead of ${width * HASH_LENGTH}.`, { path });
  }
  const hashes = Array.from({ length: name.width }, (_, at) =>
    bytes.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
  );
  return { path, hashes };
}

/** Entries of a bundle. Throws `verify.log` where it is missing or has another number of entries. */
export async function readBundle(
  files: LogFiles,
  index: number,
  width: number,
): Promise<{ path: string; entries: readonly Uint8Array[] }> {
  const found = await readTileFile(files, { level: 'entries', index, width });
  const { path } = found;
  const entries = parseEntryBundle(found.bytes);
  if (entries.length !== found.width) {
    throw logError('malformed', `${path} has ${entries.length} entries instead of ${found.width}.`, { path });
  }
  return { path, entries: entries.slice(0, width) };
}
