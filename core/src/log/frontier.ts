import { emptyRoot, nodeHash } from './merkle-hash.ts';

/**
 * The right edge of a tree: the roots of its complete subtrees, largest first, one for each bit set in `size`.
 * All that is needed to append to a tree of any size and to know its root.
 */
export interface Frontier {
  /** Number of leaves. */
  readonly size: number;
  /** Roots of the complete subtrees, left to right. */
  readonly hashes: readonly Uint8Array[];
}

/** One node of the tree that will never change again: the root of leaves [index * 2^level, (index + 1) * 2^level). */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** The tree without leaves. */
export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/**
 * Appends one leaf hash. `completed` are the inner nodes (level 1 and up) that this leaf finished, lowest first.
 * Takes O(log n) and allocates only the new edge.
 */
export function appendLeaf(
  frontier: Frontier,
  leaf: Uint8Array,
): { readonly frontier: Frontier; readonly completed: readonly TreeNode[] } {
  const hashes = [...frontier.hashes];
  const completed: TreeNode[] = [];
  let hash = leaf;
  let index = frontier.size;
  for (let level = 1; index % 2 === 1; level += 1) {
    hash = nodeHash(hashes.pop() as Uint8Array, hash);
    index = (index - 1) / 2;
    completed.push({ level, index, hash });
  }
  hashes.push(hash);
  return { frontier: { size: frontier.size + 1, hashes }, completed };
}

/** Root of the tree. RFC 6962 section 2.1. */
export function frontierRoot(frontier: Frontier): Uint8Array {
  const { hashes } = frontier;
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot();
  return hashes.slice(0, -1).reduceRight((root, hash) => nodeHash(hash, root), last);
}

/** Frontier of a whole list of leaf hashes. */
export function frontierOf(leaves: Iterable<Uint8Array>): Frontier {
  let frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) frontier = appendLeaf(frontier, leaf).frontier;
  return frontier;
}

/** RFC 6962 root over entries held in memory, such as per-artifact records. */
export function rootOf(leaves: Iterable<Uint8Array>): Uint8Array {
  return frontierRoot(frontierOf(leaves));
}

/** How many hashes the frontier of a tree of this size has: the bits set in it. */
export function frontierWidth(size: number): number {
  let width = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) width += rest % 2;
  return width;
}
