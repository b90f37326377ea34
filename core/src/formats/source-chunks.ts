import { createHash } from 'node:crypto';
import { encodeHex } from '../encoding/hex.ts';
import type { Digested, Source } from './format.ts';

/** Bytes read at a time. */
export const CHUNK = 1024 * 1024;

/** One piece of a file and where it stands. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The bytes from `start` up to `end`, in order, at most 1 MiB at a time; the next piece is read while this one is used. */
export async function* readChunks(
  source: Source,
  start = 0,
  end = source.size,
): AsyncGenerator<Chunk, void, undefined> {
  const readAt = (offset: number) => source.read(offset, Math.min(CHUNK, end - offset));
  let next = start < end ? readAt(start) : undefined;
  for (let offset = start; next !== undefined;) {
    const bytes = await next;
    const following = offset + bytes.length;
    next = following < end ? readAt(following) : undefined;
    // Whoever stops early must not leave a rejection that nobody handles.
    next?.catch(() => undefined);
    yield { offset, bytes };
    offset = following;
  }
}

/** SHA-256 of a whole file in one pass. */
export async function hashSource(source: Source): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const { bytes } of readChunks(source)) hash.update(bytes);
  return new Uint8Array(hash.digest());
}

/** What formats that cover the whole file find out about it. */
export async function digestWholeFile(source: Source): Promise<Digested> {
  const value = encodeHex(await hashSource(source));
  return { coveredDigest: { algorithm: 'sha256', value }, inputs: {}, file: { sha256: value, size: source.size } };
}
