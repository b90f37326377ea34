import { describe, expect, it } from 'vitest';
import { mapInParallel } from './parallel.ts';

describe('mapInParallel', () => {
  it('keeps the order and never runs more than it may', async () => {
    let running = 0;
    let most = 0;
    const results = await mapInParallel([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, (running += 1));
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('begins nothing new after a failure, waits for the rest, and throws the first error', async () => {
    const begun: number[] = [];
    const work = mapInParallel([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error('one');
      await Promise.resolve();
      return item;
    });
    await expect(work).rejects.toThrow('one');
    expect(begun).toEqual([1, 2]);
  });

  it('maps nothing to nothing', async () => {
    expect(await mapInParallel([], 2, () => Promise.reject(new Error('never')))).toEqual([]);
  });
});
