import { createHash } from 'node:crypto';
import { encodeHex } from './hex.ts';

/** SHA-256 over the parts, one after another. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SHA-256 over the parts as lower-case hexadecimal. */
export function sha256Hex(...parts: readonly Uint8Array[]): string {
  return encodeHex(sha256(...parts));
}
