import { sha256 } from '../encoding/sha256.ts';

/** Bytes of one Merkle hash (SHA-256). */
export const HASH_LENGTH = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of one log entry: SHA-256(0x00 || entry). RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry);
}

/** Hash of an inner node: SHA-256(0x01 || left || right). RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** Root of the tree without entries: SHA-256 of nothing. RFC 6962 section 2.1. */
export function emptyRoot(): Uint8Array {
  return sha256();
}
