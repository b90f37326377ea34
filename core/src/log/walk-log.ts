import { equalBytes } from '../encoding/bytes.ts';
import { isOriginSignError, type OriginSignError } from '../errors/error.ts';
import { parseEntry, type LogEntry } from './entries.ts';
import type { LogEntryType } from './entry-bodies.ts';
import { EntryOrder } from './entry-order.ts';
import { logError, readBundle, readTile, type LogFiles } from './log-files.ts';
import { leafHash } from './merkle-hash.ts';
import { TILE_WIDTH, tileWidthAt } from './tile-paths.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What to remember while walking. */
export interface WalkOptions {
  readonly entries: boolean;
  /** Sizes whose roots are wanted. */
  readonly sizes: ReadonlySet<number>;
  /** Indices whose leaf hashes are wanted. */
  readonly indices: ReadonlySet<number>;
}

/** Everything that one pass over the entries and the lowest tiles tells. */
export interface LogWalk {
  /** The tree that the lowest tiles lead to. */
  readonly tiles: TreeBuilder;
  /** The tree that the entries lead to. */
  readonly entries: TreeBuilder | undefined;
  /** The first entry that is not the one its tile has. */
  readonly difference: { readonly index: number; readonly tile: string; readonly bundle: string } | undefined;
  readonly leaves: ReadonlyMap<number, Uint8Array>;
  readonly types: Readonly<Partial<Record<LogEntryType, number>>>;
  /** What is wrong with the first entry that an honest server would not have written there. */
  readonly orderProblem: OriginSignError | undefined;
}

/** Reads the entries and the lowest tiles of a log once, in order. Throws `verify.log` where a file is missing or cut. */
export async function walkLog(files: LogFiles, size: number, options: WalkOptions): Promise<LogWalk> {
  const tiles = new TreeBuilder(options.sizes);
  const entries = options.entries ? new TreeBuilder(options.sizes) : undefined;
  const leaves = new Map<number, Uint8Array>();
  const reader = new EntryReader();
  let difference: LogWalk['difference'];

  for (let tile = 0; tile * TILE_WIDTH < size; tile += 1) {
    const width = tileWidthAt(0, tile, size);
    const { path, hashes } = await readTile(files, { level: 0, index: tile, width });
    const bundle = entries === undefined ? undefined : await readBundle(files, tile, width);
    for (const [at, hash] of hashes.entries()) {
      const index = tile * TILE_WIDTH + at;
      tiles.add(hash);
      const entry = bundle?.entries[at];
      const leaf = entry === undefined ? hash : leafHash(entry);
      entries?.add(leaf);
      if (options.indices.has(index)) leaves.set(index, leaf);
      if (bundle === undefined || entry === undefined) continue;
      if (!equalBytes(leaf, hash)) difference ??= { index, tile: path, bundle: bundle.path };
      reader.read(index, leaf, entry, bundle.path);
    }
  }
  return { tiles, entries, difference, leaves, types: reader.types, orderProblem: reader.problem };
}

/** Parses entries and follows their order; keeps the first problem, because a changed entry is the better message. */
class EntryReader {
  readonly types: Partial<Record<LogEntryType, number>> = {};
  problem: OriginSignError | undefined;
  readonly #order = new EntryOrder();

  read(index: number, leaf: Uint8Array, bytes: Uint8Array, path: string): void {
    if (this.problem !== undefined) return;
    const entry = this.#parse(index, bytes, path);
    if (entry === undefined) return;
    this.types[entry.type] = (this.types[entry.type] ?? 0) + 1;
    const wrong = this.#order.problem(index, leaf, entry);
    if (wrong !== undefined) this.problem = logError('order', `Entry ${index} in ${path} ${wrong}.`, { path, index });
  }

  #parse(index: number, bytes: Uint8Array, path: string): LogEntry | undefined {
    try {
      return parseEntry(bytes);
    } catch (error) {
      if (!isOriginSignError(error)) throw error;
      this.problem = logError('malformed', `Entry ${index} in ${path}: ${error.message}`, { path, index });
      return undefined;
    }
  }
}
