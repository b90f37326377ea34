import { equalBytes } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';
import { HASH_LENGTH, emptyRoot, nodeHash } from './merkle-hash.ts';
import { readRanges, splitPoint, type LeafRange, type NodeReader } from './tree-nodes.ts';

function checkCount(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${name} is not a count of leaves: ${value}`);
}

/** Ranges of leaves whose roots are the inclusion proof of leaf `index` in a tree of `size`, nearest first. RFC 6962 section 2.1.1. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  checkCount(index, 'index');
  checkCount(size, 'size');
  if (index >= size) throw new TypeError(`Leaf ${index} is not in a tree of ${size}.`);
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** Ranges of leaves whose roots are the consistency proof from a tree of `oldSize` to one of `size`. RFC 6962 section 2.1.2. */
export function consistencyRanges(oldSize: number, size: number): readonly LeafRange[] {
  checkCount(oldSize, 'old size');
  checkCount(size, 'size');
  if (oldSize > size) throw new TypeError(`A tree of ${size} cannot extend one of ${oldSize}.`);
  if (oldSize === 0 || oldSize === size) return [];
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (oldSize !== end) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  // The verifier knows the old root, so the subtree that is all of the old tree is left out.
  if (begin !== 0) ranges.push({ begin, end });
  return ranges.reverse();
}

/** Inclusion proof of leaf `index` in the tree of `size` leaves. */
export function proveInclusion(reader: NodeReader, index: number, size: number): Promise<readonly Uint8Array[]> {
  return readRanges(reader, inclusionRanges(index, size));
}

/** Consistency proof from the tree of `oldSize` leaves to the one of `size`. */
export function proveConsistency(reader: NodeReader, oldSize: number, size: number): Promise<readonly Uint8Array[]> {
  return readRanges(reader, consistencyRanges(oldSize, size));
}

function invalid(what: string): OriginSignError {
  return new OriginSignError('proof.invalid', `The Merkle proof is not valid: ${what}.`);
}

function checkHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw invalid('a hash has the wrong length');
}

/** What {@link verifyInclusion} checks. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Checks that the leaf stands at `index` in the tree of `size` with this root. Throws `proof.invalid`. RFC 9162 section 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, root, proof }: InclusionClaim): void {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw invalid(`there is no leaf ${index} in a tree of ${size}`);
  }
  checkHashes([leaf, root, ...proof]);
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) throw invalid('it has more hashes than the tree has levels');
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      // On the right edge the levels without a right sibling contribute no hash.
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw invalid('it has fewer hashes than the tree has levels');
  if (!equalBytes(hash, root)) throw invalid('it leads to another root');
}

/** What {@link verifyConsistency} checks. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Checks that the tree of `size` starts with the whole tree of `oldSize`. Throws `proof.invalid`. RFC 9162 section 2.1.4.2. */
export function verifyConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): void {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size) {
    throw invalid(`a tree of ${size} cannot extend one of ${oldSize}`);
  }
  checkHashes([oldRoot, root, ...proof]);
  if (oldSize === size || oldSize === 0) {
    if (proof.length !== 0) throw invalid('it has hashes where none are needed');
    if (!equalBytes(oldRoot, oldSize === 0 ? emptyRoot() : root)) throw invalid('the roots differ at the same size');
    return;
  }
  climbConsistency({ oldSize, oldRoot, size, root, proof });
}

function climbConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): void {
  let position = oldSize - 1;
  let last = size - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  // An old tree that is one complete subtree is its own first hash.
  const hashes = position === 0 ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = hashes;
  if (first === undefined) throw invalid('it is empty');
  let oldHash = first;
  let hash = first;
  for (const sibling of rest) {
    if (last === 0) throw invalid('it has more hashes than the tree has levels');
    if (position % 2 === 1 || position === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw invalid('it has fewer hashes than the tree has levels');
  if (!equalBytes(oldHash, oldRoot)) throw invalid('it leads to another old root');
  if (!equalBytes(hash, root)) throw invalid('it leads to another root');
}
