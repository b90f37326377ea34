import { expect, it } from 'vitest';
import type { Source } from '../formats/format.ts';
import { watchedSource } from './watched-source.ts';

const MIB = 1024 * 1024;

async function reports(size: number, reads: readonly (readonly [number, number])[]): Promise<readonly number[]> {
  const seen: number[] = [];
  const source: Source = { size, read: (_offset, length) => Promise.resolve(new Uint8Array(length)) };
  const watched = watchedSource(source, (done) => seen.push(done));
  for (const [offset, length] of reads) await watched.read(offset, length);
  return seen;
}

it('tells how far a file was read, every few mebibytes and at its end', async () => {
  const reads = Array.from({ length: 10 }, (_, index) => [index * MIB, MIB] as const);
  expect(await reports(10 * MIB, reads)).toEqual([0, 4 * MIB, 8 * MIB, 10 * MIB]);
});

it('never goes back where a part is read again', async () => {
  expect(
    await reports(6 * MIB, [
      [0, 64],
      [5 * MIB, MIB],
      [0, 5 * MIB],
      [5 * MIB, MIB],
    ]),
  ).toEqual([0, 6 * MIB]);
});

it('gives the bytes as they are', async () => {
  const source: Source = { size: 3, read: () => Promise.resolve(new Uint8Array([1, 2])) };
  expect(await watchedSource(source, () => undefined).read(1, 2)).toEqual(new Uint8Array([1, 2]));
});
