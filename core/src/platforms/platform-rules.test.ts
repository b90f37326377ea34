import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkBranchOrTagRef, conditionsOn, isExact, operandTexts } from './platform-rules.ts';
import type { RuleView } from './platform.ts';

const rule = (...conditions: readonly (readonly [claim: string, operator: string, expected: Json])[]): RuleView => ({
  conditions: conditions.map(([claim, operator, expected]) => ({ claim, operator, expected })),
  hasConnector: false,
  isAddressBound: false,
});
const condition = (operator: string, expected: Json) => ({ claim: 'ci.ref', operator, expected });

describe('conditions of a rule', () => {
  it('are found by their whole name', () => {
    const view = rule(['ci.ref', 'is', 'a'], ['ci.ref_type', 'is', 'b'], ['ci.ref', 'glob', 'c']);
    expect(conditionsOn(view, 'ci.ref').map(({ expected }) => expected)).toEqual(['a', 'c']);
    expect(conditionsOn(view, 'ci')).toEqual([]);
  });

  it('are exact where they name their values', () => {
    const operators = ['is', 'in', 'glob', 'absent', 'gte', 'lte', 'within', 'count'];
    expect(operators.filter((operator) => isExact(condition(operator, 'x')))).toEqual(['is', 'in']);
  });

  it('name texts, patterns included', () => {
    expect(operandTexts(condition('is', 'a'))).toEqual(['a']);
    expect(operandTexts(condition('in', ['a', 'b', 7]))).toEqual(['a', 'b']);
    expect(operandTexts(condition('glob', 'a*'))).toEqual(['a*']);
    expect(operandTexts(condition('is', true))).toEqual([]);
    expect(operandTexts(condition('absent', 'a'))).toEqual([]);
  });
});

describe('the conditions on a ref', () => {
  const check = (...conditions: readonly (readonly [operator: string, expected: Json])[]) =>
    checkBranchOrTagRef(
      rule(...conditions.map(([operator, expected]) => ['ci.ref', operator, expected] as const)),
      'ci.ref',
    );

  it.each([
    ['is', 'refs/heads/main'],
    ['in', ['refs/heads/main', 'refs/tags/v1']],
    ['glob', 'refs/heads/**'],
  ] as const)('load with %s %j', (operator, expected) => {
    expect(check([operator, expected])).toEqual([]);
  });

  it('must be there, and name refs', () => {
    const missing = [
      { message: 'the rule does not say which refs it allows', hint: 'add ci.ref: {glob: "refs/tags/v*"}' },
    ];
    expect(check()).toEqual(missing);
    expect(check(['absent', false])).toEqual(missing);
  });

  it('are told the full ref where a short one was meant', () => {
    expect(check(['is', 'main'])).toEqual([
      { claim: 'ci.ref', message: 'main is not a full ref', hint: 'write refs/heads/main or refs/tags/main' },
    ]);
  });

  it('are each judged, beside good ones too', () => {
    const problems = check(['glob', 'refs/heads/*'], ['in', ['refs/pull/1/merge', 'refs/**', 'v1']]);
    expect(problems.map(({ message }) => message)).toEqual([
      'a rule must not allow pull request refs: their commits are not reviewed',
      'refs/** takes in more than branches and tags',
      'v1 is not a full ref',
    ]);
  });
});
