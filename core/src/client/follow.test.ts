import { afterEach, expect, it } from 'vitest';
import { createSigningBench, type SigningBench } from './signing.test.fixture.ts';
import { signFiles } from './sign.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

let bench: SigningBench;
afterEach(() => bench.close());

it('tells of an hour of waiting in a dozen lines, and of each new state at once', async () => {
  const states = [...Array<'waiting_for_approval'>(120).fill('waiting_for_approval'), 'signing', 'completed'] as const;
  bench = await createSigningBench({ states });
  const { clock } = bench;
  clock.sleep = () => {
    clock.time += 30_000;
    return Promise.resolve();
  };
  await writeFile(join(bench.folder, 'a.txt'), 'a');
  await signFiles(bench.options({ files: ['a.txt'], timeout: 7_200_000 }), bench.ports);
  const waiting = bench.events.filter((event) => event.kind === 'waiting');
  const told = waiting.filter(({ minor }) => minor !== true).map(({ state, elapsed }) => [state, elapsed / 60_000]);
  expect(waiting.length).toBeGreaterThan(100);
  expect(told.length).toBeGreaterThan(5);
  expect(told.length).toBeLessThan(15);
  expect(told[0]).toEqual(['waiting_for_approval', 0]);
  expect(told.at(-1)).toEqual(['signing', 0]);
});
