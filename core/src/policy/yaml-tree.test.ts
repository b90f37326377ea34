import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, type LoadProblem, reportInto } from './load-problem.ts';
import { MAX_POLICY_FILE_SIZE, parseYamlTree, type Tree } from './yaml-tree.ts';

const read = (text: string) => {
  const problems: LoadProblem[] = [];
  const tree = parseYamlTree(text, reportInto(problems, 'f'));
  return { tree, problems: problems.map(formatProblem) };
};

const plain = (tree: Tree | undefined): unknown => {
  if (tree === undefined) return undefined;
  if (tree.kind === 'list') return tree.items.map(plain);
  if (tree.kind === 'map') return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
  return tree.value;
};

describe('a YAML document', () => {
  it('is read as YAML 1.2: words are words', () => {
    expect(plain(read('{a: yes, b: on, c: true, d: null, e: 010, f: 2026-12-20, g: 1_000, h: "1", i: }').tree)).toEqual(
      {
        a: 'yes',
        b: 'on',
        c: true,
        d: null,
        e: 10,
        f: '2026-12-20',
        g: '1_000',
        h: '1',
        i: null,
      },
    );
  });

  it('has the place of every part', () => {
    const { tree } = read('a:\n  - b: 1\n    c: x\n');
    const list = tree?.kind === 'map' ? tree.entries[0]?.value : undefined;
    const map = list?.kind === 'list' ? list.items[0] : undefined;
    const entries = map?.kind === 'map' ? map.entries : [];
    expect(entries.map(({ key, at, value }) => [key, at.line, at.column, value.at.line, value.at.column])).toEqual([
      ['b', 2, 5, 2, 8],
      ['c', 3, 5, 3, 8],
    ]);
  });

  it.each([
    ['', 'f:1:1: the file is empty'],
    ['# only a comment\n', 'f:1:1: the file is empty'],
    [
      'a: [',
      'f:1:5: the YAML cannot be read: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a: "b', 'f:1:6: the YAML cannot be read: Missing closing "quote'],
    ['a: b: c', 'f:1:4: the YAML cannot be read: Nested mappings are not allowed in compact mappings'],
    ['? {x: 1}\n: 2', 'f:1:3: a key is not text'],
    ['? [x]\n: 2', 'f:1:3: a key is not text'],
    ['null: 1', 'f:1:1: a key is not text; put it in quotes'],
    ['a: *b', 'f:1:4: aliases are not allowed; write the value again'],
    [
      'a: &x 1\nb: *x',
      'f:1:7: anchors are not allowed; write the value again',
      'f:2:4: aliases are not allowed; write the value again',
    ],
    ['a: !custom 1', 'f:1:4: the YAML cannot be read: Unresolved tag: !custom'],
    ['%TAG ! tag:x,2000:\n---\na: 1', 'f:1:1: YAML directives are not allowed'],
    ['\ufeffa: 1', 'f:1:1: the file has the invisible or control character U+FEFF'],
    ['a: 1\u0007', 'f:1:5: the file has the invisible or control character U+0007'],
    ['a: \ufffd', 'f:1:4: the file has the invisible or control character U+FFFD'],
    ['a: "\\0"', 'f:1:4: the text has the invisible or control character U+0000'],
    ['"a\\u200d": 1', 'f:1:1: the text has the invisible or control character U+200D'],
    ['a: \ud800', 'f:1:1: the file is not well-formed Unicode'],
    [
      'a: 1\nb: 2\na: 3\na: 4',
      'f:3:1: the key "a" is here twice; the first is on line 1',
      'f:4:1: the key "a" is here twice; the first is on line 1',
    ],
    ['a: 1\n...\nb: 2', 'f:3:1: the file has more than one document'],
  ])('is refused: %j', (text, ...problems) => {
    expect(read(text)).toEqual({ tree: undefined, problems });
  });

  it('has at most 256 KiB', () => {
    expect(read(`a: ${'x'.repeat(MAX_POLICY_FILE_SIZE - 3)}`).problems).toEqual([]);
    expect(read(`a: ${'ü'.repeat(MAX_POLICY_FILE_SIZE / 2)}`).problems).toEqual([
      'f:1:1: the file has 262147 bytes; a policy file has at most 262144',
    ]);
  });

  it.each([
    ['lists', '['.repeat(5_000)],
    ['closed lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['mappings', '{a: '.repeat(5_000)],
    ['block lists', '- '.repeat(5_000)],
    ['explicit keys', '? '.repeat(5_000)],
    ['block mappings', Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('may nest %s without harm', (_, text) => {
    const { tree, problems } = read(text);
    expect(tree === undefined).toBe(problems.length > 0);
  });

  it('never throws, and either has a tree or says why not', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&x ',
      '*x',
      '!t ',
      '|',
      '>',
      '? ',
      '#',
      ',',
      '---',
      '%',
      '\t',
      '1',
      '<<',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const { tree, problems } = read(parts.join(''));
        expect(tree === undefined).toBe(problems.length > 0);
      }),
      { numRuns: 1000 },
    );
  });
});
