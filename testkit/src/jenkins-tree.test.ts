import { expect, test } from 'vitest';
import { pruneToTree } from './jenkins-tree.ts';

const BUILD = {
  _class: 'Run',
  number: 7,
  url: 'x',
  actions: [{ _class: 'A', causes: [{ _class: 'C', id: 1 }], tags: [] }, {}],
};

test.each([
  ['number', { _class: 'Run', number: 7 }],
  ['number,url', { _class: 'Run', number: 7, url: 'x' }],
  ['actions[causes[_class]]', { _class: 'Run', actions: [{ _class: 'A', causes: [{ _class: 'C' }] }, {}] }],
  [
    'actions[causes[id],tags],nothing',
    { _class: 'Run', actions: [{ _class: 'A', causes: [{ _class: 'C', id: 1 }], tags: [] }, {}] },
  ],
])('%s', (tree, expected) => {
  expect(pruneToTree(BUILD, tree)).toEqual(expected);
});

test.each(['', 'a,', 'a[b', 'a]', 'a[b]]', '[a]'])('%j is no tree', (tree) => {
  expect(() => pruneToTree(BUILD, tree)).toThrow(/tree/);
});
