import { expect, test } from 'vitest';
import { stoppedClock } from './connectors.test.fixture.ts';
import { createSharedFacts } from './shared-facts.ts';

test('facts are told apart by their key, and last from the moment at which reading began', async () => {
  const clock = stoppedClock();
  const facts = createSharedFacts<string>(1000, clock.now);
  let readings = 0;
  const read = (key: string): Promise<string> => facts.get(key, () => Promise.resolve(`${key}${(readings += 1)}`));
  expect([await read('a'), await read('b'), await read('a')]).toEqual(['a1', 'b2', 'a1']);
  clock.forward(999);
  expect(await read('a')).toBe('a1');
  clock.forward(1);
  expect([await read('a'), await read('b')]).toEqual(['a3', 'b4']);
});

test('a reading that takes longer than its facts last is shared by nobody who comes later', async () => {
  const clock = stoppedClock();
  const facts = createSharedFacts<number>(1000, clock.now);
  const ends: ((value: number) => void)[] = [];
  const read = (): Promise<number> => facts.get('a', () => new Promise((resolve) => void ends.push(resolve)));
  const early = read();
  clock.forward(1000);
  const late = read();
  expect(ends).toHaveLength(2);
  ends[1]?.(2);
  ends[0]?.(1);
  expect(await Promise.all([early, late])).toEqual([1, 2]);
  expect(await read()).toBe(2);
});

test('a failure is that of everybody who waited for it, and of nobody after', async () => {
  const facts = createSharedFacts<number>(1000, stoppedClock().now);
  const fails = (): Promise<number> => facts.get('a', () => Promise.reject(new Error('no')));
  const works = (): Promise<number> => facts.get('a', () => Promise.resolve(7));
  const outcomes = await Promise.allSettled([fails(), works(), works()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await works()).toBe(7);
});
