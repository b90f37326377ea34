import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGlob } from './glob.ts';
import type { Condition } from './model.ts';
import { holds, OPERATORS, operatorsFor } from './operators.ts';
import { parseTimeWindow } from './time.ts';

type Part = Condition extends infer One
  ? One extends Condition
    ? Omit<One, 'claim' | 'expected' | 'at'>
    : never
  : never;
const condition = (part: Part): Condition => ({ claim: 'x', expected: null, at: { line: 1, column: 1 }, ...part });
const glob = parseGlob('v*');
const window = parseTimeWindow('Mon-Sun 00:00-24:00 UTC');
if (typeof glob === 'string' || typeof window === 'string') throw new Error('The samples are not valid.');

const EVERY: readonly Condition[] = [
  condition({ operator: 'is', value: 'v1' }),
  condition({ operator: 'is', value: true }),
  condition({ operator: 'is', value: 0 }),
  condition({ operator: 'in', values: ['v1', 'v2'] }),
  condition({ operator: 'glob', glob }),
  condition({ operator: 'gte', bound: 0 }),
  condition({ operator: 'lte', bound: 1e9 }),
  condition({ operator: 'within', windows: [window] }),
  condition({ operator: 'count', bounds: [] }),
  condition({ operator: 'absent', absent: false }),
];

describe('a condition', () => {
  it.each([
    ['is', condition({ operator: 'is', value: 'v1' }), ['v1'], ['V1', 'v1 ', 1, true]],
    ['is with a number', condition({ operator: 'is', value: 1 }), [1], ['1', true, 2]],
    ['is with a boolean', condition({ operator: 'is', value: true }), [true], ['true', 1, false]],
    ['in', condition({ operator: 'in', values: ['a', 'b'] }), ['a', 'b'], ['c', 'a,b', 1]],
    ['glob', condition({ operator: 'glob', glob }), ['v', 'v1'], ['x', 'v/1', 1, true]],
    ['gte', condition({ operator: 'gte', bound: 5 }), [5, 6], [4, '6', true]],
    ['lte', condition({ operator: 'lte', bound: 5 }), [5, 4], [6, '4', false]],
    ['within', condition({ operator: 'within', windows: [window] }), [new Date(0)], ['1970-01-01T00:00:00Z', 0]],
    [
      'count',
      condition({ operator: 'count', bounds: [condition({ operator: 'lte', bound: 1 })] }),
      [[], ['a']],
      [['a', 'b'], 'a', 1],
    ],
  ] as const)('%s holds for its values and no others', (_, one, holding, failing) => {
    expect(holding.filter((value) => !holds(one, value))).toEqual([]);
    expect(failing.filter((value) => holds(one, value))).toEqual([]);
  });

  it('glob does not match the digits of a number or the letters of a boolean', () => {
    const all = parseGlob('*');
    if (typeof all === 'string') throw new Error(all);
    const any = condition({ operator: 'glob', glob: all });
    expect([holds(any, 'x'), holds(any, 1), holds(any, true), holds(any, [])]).toEqual([true, false, false, false]);
  });

  it('on several texts holds where it holds for one of them', () => {
    const one = condition({ operator: 'is', value: 'b' });
    expect([holds(one, ['a', 'b']), holds(one, ['a']), holds(one, []), holds(one, 'b')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const among = condition({ operator: 'in', values: ['b', 'c'] });
    expect([holds(among, ['a', 'c']), holds(among, ['a'])]).toEqual([true, false]);
    expect(holds(condition({ operator: 'absent', absent: false }), [])).toBe(true);
  });

  it('absent is the only one that what is missing satisfies', () => {
    expect(EVERY.filter((one) => holds(one, undefined))).toEqual([]);
    expect(holds(condition({ operator: 'absent', absent: true }), undefined)).toBe(true);
  });

  it('absent holds for no value, however empty', () => {
    const values = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()));
    fc.assert(fc.property(values, (value) => !holds(condition({ operator: 'absent', absent: true }), value)));
  });

  it('with no windows, no values or the bound of nothing holds for nothing', () => {
    expect(holds(condition({ operator: 'within', windows: [] }), new Date(0))).toBe(false);
    expect(holds(condition({ operator: 'in', values: [] }), 'a')).toBe(false);
    expect(holds(condition({ operator: 'gte', bound: Number.NaN }), 1)).toBe(false);
  });
});

it('every operator fits some type, and every type has an operator', () => {
  expect(Object.values(OPERATORS).filter(({ types }) => types.length === 0)).toEqual([]);
  expect(operatorsFor('time')).toEqual(['within']);
  expect(operatorsFor('list')).toEqual(['count']);
  expect(operatorsFor('boolean')).toEqual(['is', 'absent']);
});
