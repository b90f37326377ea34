import { encodeBase64 } from '../encoding/base64.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { openCheckpoint, type OpenedCheckpoint } from './checkpoint.ts';
import type { LogEntryType } from './entry-bodies.ts';
import { logError, readTile, type LogFiles } from './log-files.ts';
import type { NoteKey } from './note-key.ts';
import { verifyReceipt } from './receipt.ts';
import { TILE_WIDTH, tileWidthAt } from './tile-paths.ts';
import type { TreeBuilder } from './tree-builder.ts';
import { noteKeys, type TrustedLog } from './trusted-log.ts';
import { walkLog, type LogWalk } from './walk-log.ts';

/** A document that somebody kept, with the name under which people know it, such as its path. */
export interface KeptProof {
  readonly name: string;
  readonly text: string | Uint8Array;
}

/** What to check a log against. */
export interface VerifyLogOptions {
  readonly logs: readonly TrustedLog[];
  /** Receipts that people kept: the log must still have what they prove. */
  readonly receipts?: readonly KeptProof[];
  /** Checkpoints that people kept: the log must extend them. */
  readonly checkpoints?: readonly KeptProof[];
  /** Whether the bundles of entries are checked too; readers without the role see hashes only. */
  readonly entries: boolean;
}

/** What a whole and honest log looks like. */
export interface LogReport {
  readonly checkpoint: OpenedCheckpoint;
  /** Entries by type; empty where entries were not read. */
  readonly types: Readonly<Partial<Record<LogEntryType, number>>>;
  /** How many kept proofs were compared. */
  readonly compared: number;
}

/** Something that the log has to agree with. */
interface Anchor {
  readonly name: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly entry?: { readonly index: number; readonly leaf: Uint8Array };
}

/**
 * Checks a whole log offline: every entry against its tile, every tile against the ones above, all of them against the signed
 * checkpoint, the order of the entries, and the log against what people kept of it. The first disagreement is thrown as
 * `verify.log`, whose message says what and where and whose `details` are `{kind, path?, index?}`; besides that the codes of
 * {@link verifyReceipt} and of a checkpoint.
 */
export async function verifyLog(files: LogFiles, options: VerifyLogOptions): Promise<LogReport> {
  const keys = noteKeys(options.logs);
  const text = await files.read('checkpoint');
  if (text === undefined) throw logError('missing', 'The log has no checkpoint.', { path: 'checkpoint' });
  const checkpoint = openCheckpoint(text, keys);
  const anchors = keptAnchors(options, keys, checkpoint.origin);
  refuseTruncation(checkpoint, anchors);

  const walk = await walkLog(files, checkpoint.size, {
    entries: options.entries,
    sizes: new Set(anchors.map(({ size }) => size)),
    indices: new Set(anchors.flatMap(({ entry }) => entry?.index ?? [])),
  });
  refuseForks(walk, anchors);
  const truth = await findTruth(files, checkpoint, walk, anchors);
  await checkUpperTiles(files, checkpoint.size, truth);
  if (walk.orderProblem !== undefined) throw walk.orderProblem;
  return { checkpoint, types: walk.types, compared: anchors.length };
}

function keptAnchors(options: VerifyLogOptions, keys: readonly NoteKey[], origin: string): readonly Anchor[] {
  const receipts = (options.receipts ?? []).map(({ name, text }) => {
    const { checkpoint, index, leaf } = verifyReceipt(text, options.logs);
    return { name, origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root, entry: { index, leaf } };
  });
  const checkpoints = (options.checkpoints ?? []).map(({ name, text }) => ({ name, ...openCheckpoint(text, keys) }));
  const anchors = [...receipts, ...checkpoints];
  const foreign = anchors.find((anchor) => anchor.origin !== origin);
  if (foreign !== undefined) {
    throw logError('fork', `${foreign.name} is of the log ${foreign.origin}, not of ${origin}.`, {
      name: foreign.name,
    });
  }
  return anchors.sort((left, right) => left.size - right.size);
}

function refuseTruncation(checkpoint: OpenedCheckpoint, anchors: readonly Anchor[]): void {
  const ahead = anchors.find(({ size }) => size > checkpoint.size);
  if (ahead === undefined) return;
  throw logError(
    'truncated',
    `The log was cut off: it ends after ${checkpoint.size} entries, but ${ahead.name} proves that it had ${ahead.size}.`,
    { size: checkpoint.size, provenSize: ahead.size, name: ahead.name },
  );
}

/** A kept proof that the log contradicts, although its own checkpoint may agree with it: history was written anew. */
function refuseForks(walk: LogWalk, anchors: readonly Anchor[]): void {
  for (const { name, size, root, entry } of anchors) {
    const trees = [walk.tiles, ...(walk.entries === undefined ? [] : [walk.entries])];
    if (trees.some((tree) => equalBytes(tree.rootAt(size) ?? new Uint8Array(), root))) continue;
    const index = entry?.index;
    const changed = entry !== undefined && !equalBytes(walk.leaves.get(entry.index) ?? new Uint8Array(), entry.leaf);
    throw logError(
      'fork',
      changed
        ? `Entry ${entry.index} is not the one that ${name} proves.`
        : `The first ${size} entries are not the ones that ${name} proves.`,
      { name, size, ...(changed ? { index } : {}) },
    );
  }
}

/** The tree that the checkpoint stands for: from the entries or from the tiles, whichever leads to the signed root. */
async function findTruth(
  files: LogFiles,
  checkpoint: OpenedCheckpoint,
  walk: LogWalk,
  anchors: readonly Anchor[],
): Promise<TreeBuilder> {
  const isSigned = (tree: TreeBuilder): boolean => equalBytes(tree.root(), checkpoint.root);
  const { tiles, entries, difference } = walk;
  if (difference === undefined && isSigned(tiles)) return tiles;
  if (difference !== undefined) {
    const { index, tile, bundle } = difference;
    if (isSigned(tiles)) throw logError('entry', `Entry ${index} in ${bundle} was changed.`, { path: bundle, index });
    if (entries !== undefined && isSigned(entries)) {
      throw logError('tile', `The hash of entry ${index} in ${tile} was changed.`, { path: tile, index });
    }
    const message = `Entry ${index} in ${bundle} does not fit ${tile}, and neither leads to the signed root.`;
    throw logError('entry', message, { path: bundle, index });
  }
  await checkUpperTiles(files, checkpoint.size, tiles);
  const proven = anchors.at(-1)?.size ?? 0;
  throw logError(
    'rewritten',
    `The entries lead to another root than the checkpoint of size ${checkpoint.size} states: something after entry ${proven} was changed.`,
    { path: 'checkpoint', after: proven, root: encodeBase64(tiles.root()), signedRoot: encodeBase64(checkpoint.root) },
  );
}

async function checkUpperTiles(files: LogFiles, size: number, tree: TreeBuilder): Promise<void> {
  for (const [above, expected] of tree.levels.entries()) {
    const level = above + 1;
    for (let index = 0; index * TILE_WIDTH < expected.length; index += 1) {
      const { path, hashes } = await readTile(files, { level, index, width: tileWidthAt(level, index, size) });
      const at = hashes.findIndex((hash, position) => {
        return !equalBytes(hash, expected[index * TILE_WIDTH + position] ?? new Uint8Array());
      });
      if (at < 0) continue;
      throw logError('tile', `Hash ${at} of ${path} is not the root of the tile below it.`, { path, hash: at });
    }
  }
}
