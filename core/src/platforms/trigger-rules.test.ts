import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkTriggers } from './trigger-rules.ts';

const RULES = {
  claim: 'ci.cause',
  noun: 'cause',
  example: '{is: push}',
  forbidden: { comment: 'anybody can write one' },
};
const check = (...conditions: readonly (readonly [operator: string, expected: Json])[]) =>
  checkTriggers(
    {
      conditions: conditions.map(([operator, expected]) => ({ claim: 'ci.cause', operator, expected })),
      hasConnector: false,
      isAddressBound: false,
    },
    RULES,
  );

describe('the conditions on what starts a run', () => {
  it('name each trigger', () => {
    expect(check(['is', 'push'])).toEqual([]);
    expect(check(['in', ['push', 'toString', '__proto__']])).toEqual([]);
  });

  it('must be there', () => {
    const missing = [{ message: 'the rule does not say which causes it allows', hint: 'add ci.cause: {is: push}' }];
    expect(check()).toEqual(missing);
    expect(check(['absent', false])).toEqual(missing);
  });

  it('are no patterns, and none of the forbidden, beside good ones too', () => {
    expect(check(['is', 'push'], ['glob', '*'], ['in', ['push', 'comment']])).toEqual([
      { claim: 'ci.cause', message: 'ci.cause must be named exactly', hint: 'list the causes: {is: push}' },
      { claim: 'ci.cause', message: 'a rule must not allow the cause comment: anybody can write one' },
    ]);
  });
});
