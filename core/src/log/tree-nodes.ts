import { emptyRoot, nodeHash } from './merkle-hash.ts';

/** Place of a node that covers the leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** A half-open range of leaves. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Where the complete nodes of a tree come from: a database, tiles, memory. Answers in the order of the question and throws
 * `log.corrupt` where it lacks one.
 */
export type NodeReader = (places: readonly NodePlace[]) => Promise<readonly Uint8Array[]>;

/** Largest power of two strictly below `count`, for `count` of at least 2: where RFC 6962 splits a tree. */
export function splitPoint(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/**
 * The complete nodes, left to right, that a range of leaves consists of. The range must be one that occurs in a Merkle proof:
 * `begin` is a multiple of the power of two that covers the range.
 */
export function completeNodes(range: LeafRange): readonly NodePlace[] {
  const places: NodePlace[] = [];
  let begin = range.begin;
  while (begin < range.end) {
    let level = 0;
    let width = 1;
    while (begin % (width * 2) === 0 && begin + width * 2 <= range.end) {
      width *= 2;
      level += 1;
    }
    places.push({ level, index: begin / width });
    begin += width;
  }
  return places;
}

/** Root over the complete nodes of one range. */
export function foldNodes(hashes: readonly Uint8Array[]): Uint8Array {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot();
  return hashes.slice(0, -1).reduceRight((root, hash) => nodeHash(hash, root), last);
}

/** Roots of several ranges with a single call of the reader. */
export async function readRanges(reader: NodeReader, ranges: readonly LeafRange[]): Promise<readonly Uint8Array[]> {
  const places = ranges.map(completeNodes);
  const hashes = await reader(places.flat());
  let offset = 0;
  return places.map(({ length }) => {
    offset += length;
    return foldNodes(hashes.slice(offset - length, offset));
  });
}

/** Root that the tree had when it had `size` leaves. */
export async function rootAtSize(reader: NodeReader, size: number): Promise<Uint8Array> {
  const [root] = await readRanges(reader, [{ begin: 0, end: size }]);
  return root as Uint8Array;
}
