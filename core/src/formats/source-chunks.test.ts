import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { OriginSignError } from '../errors/error.ts';
import { authenticodePe } from './authenticode-pe/authenticode-pe.ts';
import { syntheticPe } from './authenticode-pe/synthetic-pe.test.fixture.ts';
import { bytesSource } from './bytes-source.ts';
import type { Source } from './format.ts';
import { cmsDetached } from './cms-detached/cms-detached.ts';
import { raw } from './raw/raw.ts';
import { CHUNK, hashSource, readChunks } from './source-chunks.ts';

const large = new Uint8Array(3 * CHUNK + 17).map((_, index) => index * 7);

/** Counts how often bytes behind the headers are read, and how many at a time. */
function counting(source: Source) {
  const reads: number[] = [];
  const counted: Source = {
    size: source.size,
    read: (offset, length) => {
      reads.push(length);
      return source.read(offset, length);
    },
  };
  return { counted, reads };
}

test('pieces are in order, of 1 MiB at most, and nothing is left out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(large.length), fc.nat(large.length), async (one, two) => {
      const [start, end] = [Math.min(one, two), Math.max(one, two)];
      const pieces: Uint8Array[] = [];
      for await (const { offset, bytes } of readChunks(bytesSource(large), start, end)) {
        expect(offset).toBe(start + pieces.reduce((sum, piece) => sum + piece.length, 0));
        expect(bytes.length).toBeLessThanOrEqual(CHUNK);
        pieces.push(bytes);
      }
      expect(Buffer.from(concatBytes(...pieces)).equals(large.subarray(start, end))).toBe(true);
    }),
    { numRuns: 10 },
  );
});

test('an empty file has no pieces and the hash of nothing', async () => {
  expect(await hashSource(bytesSource(new Uint8Array()))).toEqual(sha256());
});

test('each format digests in one pass of pieces of 1 MiB', async () => {
  const file = syntheticPe({ overlay: large });
  for (const format of [authenticodePe, cmsDetached, raw]) {
    const { counted, reads } = counting(bytesSource(file));
    await format.digest(counted, {});
    const headers = format.id === 'authenticode-pe' ? 6 * 1024 : 0;
    expect(Math.max(...reads)).toBe(CHUNK);
    expect(reads.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(file.length + headers);
  }
});

test('a file that fails in the middle fails the digest with its error', async () => {
  const failing: Source = {
    size: large.length,
    read: (offset, length) =>
      offset === 0
        ? Promise.resolve(new Uint8Array(length))
        : Promise.reject(new OriginSignError('input.file', 'The disk is gone.')),
  };
  await expect(hashSource(failing)).rejects.toMatchObject({ code: 'input.file' });
});

test('whoever stops early leaves no rejection behind', async () => {
  const failing: Source = {
    size: large.length,
    read: (offset, length) =>
      offset === 0 ? Promise.resolve(new Uint8Array(length)) : Promise.reject(new Error('nobody handles this')),
  };
  for await (const { offset } of readChunks(failing)) {
    expect(offset).toBe(0);
    break;
  }
  await new Promise((resolve) => setImmediate(resolve));
});
