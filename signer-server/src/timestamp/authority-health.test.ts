import { expect, test } from 'vitest';
import { AuthorityHealth } from './authority-health.ts';

const at = (seconds: number): Date => new Date(seconds * 1000);

test('authorities are asked in the configured order', () => {
  expect(new AuthorityHealth(['a', 'b', 'c'], 60_000).order(at(0))).toEqual(['a', 'b', 'c']);
});

test('one that failed is asked last until its time is over', () => {
  const health = new AuthorityHealth(['a', 'b', 'c'], 60_000);
  health.failed('a', at(10));
  expect(health.order(at(10))).toEqual(['b', 'c', 'a']);
  expect(health.order(at(69))).toEqual(['b', 'c', 'a']);
  expect(health.order(at(70))).toEqual(['a', 'b', 'c']);
});

test('one that works again is asked in its place at once', () => {
  const health = new AuthorityHealth(['a', 'b'], 60_000);
  health.failed('a', at(0));
  health.succeeded('a');
  expect(health.order(at(1))).toEqual(['a', 'b']);
});

test('none is left out when all failed', () => {
  const health = new AuthorityHealth(['a', 'b'], 60_000);
  health.failed('b', at(0));
  health.failed('a', at(1));
  expect(health.order(at(2))).toEqual(['a', 'b']);
});
