import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeEntryBundle, parseEntryBundle } from './entry-bundle.ts';
import { parseTilePath, tilePath, tilesOfTree, tileWidthAt } from './tile-paths.ts';

describe('tile paths', () => {
  test('group the index in threes, as the specification shows', () => {
    expect(tilePath({ level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 1, index: 0, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 'entries', index: 1000, width: 1 })).toBe('tile/entries/x001/000.p/1');
  });

  test('come back from their text', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const name = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(fc.property(name, (tile) => void expect(parseTilePath(tilePath(tile))).toEqual(tile)));
  });

  test.each([
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/100/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/999',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/entry/000',
    'tile/0/..',
    'tile/0/%30%30%30',
    'checkpoint',
    '',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('refuses %j, which is no or not the one spelling', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test('of a tree of 70,000 are the ones of the specification', () => {
    const tiles = [...tilesOfTree(70_000)];
    const count = (level: number, full: boolean): number =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, false)]).toEqual([
      273, 1, 1, 1, 1,
    ]);
    expect(tiles.filter(({ width }) => width < 256).map(({ level, width }) => [level, width])).toEqual([
      [0, 112],
      [1, 17],
      [2, 1],
    ]);
  });

  test('of a tree of 256 are a full one and a partial one above; an empty tree has none', () => {
    expect([...tilesOfTree(256)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect([...tilesOfTree(0)]).toEqual([]);
    expect(tileWidthAt('entries', 1, 256)).toBe(0);
  });
});

describe('entry bundles', () => {
  test('come back from their bytes', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 8 });
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseEntryBundle(encodeEntryBundle(list)).map((entry) => [...entry])).toEqual(
          list.map((entry) => [...entry]),
        );
      }),
    );
  });

  test('cut anywhere but between two entries are refused', () => {
    const bundle = encodeEntryBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    for (const end of [1, 2, 3, 4, 6, 7]) {
      expect(() => parseEntryBundle(bundle.subarray(0, end))).toThrow(expect.objectContaining({ code: 'verify.log' }));
    }
    expect(parseEntryBundle(bundle.subarray(0, 5))).toHaveLength(1);
  });

  test('hold entries up to 65,535 bytes', () => {
    expect(parseEntryBundle(encodeEntryBundle([new Uint8Array(65_535)]))[0]).toHaveLength(65_535);
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(TypeError);
  });
});
