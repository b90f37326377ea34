import { expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from './did-you-mean.ts';

it.each([
  ['', '', 0],
  ['a', '', 1],
  ['kitten', 'sitting', 3],
  ['nmae', 'name', 1],
  ['ab', 'ba', 1],
  ['flaw', 'lawn', 2],
])('%s and %s are %i edits apart', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});

it('suggests the nearest word, letter case aside', () => {
  expect(nearest('Reruns', ['ref', 'reRuns'])).toBe('reRuns');
  expect(didYouMean('github.reff', ['github.sha', 'github.ref'])).toBe('did you mean "github.ref"?');
});

it('suggests nothing that is far away', () => {
  expect(didYouMean('environment', ['ref', 'sha'])).toBeUndefined();
  expect(didYouMean('x'.repeat(101), ['x'.repeat(100)])).toBeUndefined();
});
