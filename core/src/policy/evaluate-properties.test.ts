import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GITHUB_ACTIONS } from '../platforms/github-actions.ts';
import { evaluate } from './evaluate.ts';
import type { AllowRule, Condition, DenyRule, Project, SigningPolicy } from './model.ts';
import { parseGlob } from './glob.ts';
import { factsOf } from './sample-facts.test.fixture.ts';
import { loadProject } from './sample-policies.test.fixture.ts';

const { project: SAMPLE } = loadProject();
const POLICY = SAMPLE.policies.get('release') as SigningPolicy;
const RULE = POLICY.allow[0] as AllowRule;
const AT = { line: 1, column: 1 };
const NAMES = [
  ...GITHUB_ACTIONS.claims.map(({ name }) => `github.${name}`),
  'origin.ref',
  'origin.binding',
  'github.nothing',
];
const VALUES = [
  true,
  false,
  1,
  2,
  'push',
  'refs/tags/v1.4.0',
  'refs/heads/main',
  'github-hosted',
  'production',
  '771245825',
] as const;

const claim = fc.constantFrom(...NAMES);
const value = fc.constantFrom(...VALUES);
const glob = fc.constantFrom('refs/**', 'refs/tags/*', '*', '**').map((pattern) => {
  const parsed = parseGlob(pattern);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
});
const part = fc.oneof(
  value.map((v) => ({ operator: 'is' as const, value: v, expected: v })),
  fc
    .array(value, { minLength: 1, maxLength: 3 })
    .map((values) => ({ operator: 'in' as const, values, expected: values })),
  glob.map((g) => ({ operator: 'glob' as const, glob: g, expected: g.pattern })),
  fc.boolean().map((absent) => ({ operator: 'absent' as const, absent, expected: absent })),
  fc.constantFrom('gte' as const, 'lte' as const).map((operator) => ({ operator, bound: 1, expected: 1 })),
);
const condition: fc.Arbitrary<Condition> = fc.tuple(claim, part).map(([name, p]) => ({ claim: name, at: AT, ...p }));
const conditions = fc.array(condition, { maxLength: 4 });
const allowRule = conditions.map((list): AllowRule => ({
  ...RULE,
  conditions: [...RULE.conditions.slice(0, 1), ...list],
}));
const denyRule = fc.array(condition, { minLength: 1, maxLength: 3 }).map((list): DenyRule => {
  return { id: 'no', conditions: list, artifacts: { each: [], all: [] }, at: AT };
});
const facts = fc
  .dictionary(claim, fc.option(value, { nil: undefined }), { maxKeys: 4 })
  .map((claims) => factsOf({ claims }));

const projectWith = (allow: readonly AllowRule[], deny: readonly DenyRule[]): Project => {
  const named = allow.map((rule, index) => ({ ...rule, id: `rule-${index}` }));
  return { ...SAMPLE, policies: new Map([['release', { ...POLICY, allow: named, deny }]]) };
};
const decide = (allow: readonly AllowRule[], deny: readonly DenyRule[], f: ReturnType<typeof factsOf>) =>
  evaluate(projectWith(allow, deny), 'release', f);

const allowRules = fc.array(allowRule, { maxLength: 3 });
const denyRules = fc.array(denyRule, { maxLength: 2 });

describe('whatever the rules and the request', () => {
  it('nothing is allowed without an allow rule', () => {
    fc.assert(fc.property(denyRules, facts, (deny, f) => decide([], deny, f).decision === 'deny'));
  });

  it('one more condition never turns a denial into a permission', () => {
    fc.assert(
      fc.property(allowRules, denyRules, condition, fc.nat(2), facts, (allow, deny, extra, which, f) => {
        const stricter = allow.map((rule, index) => {
          return index === which ? { ...rule, conditions: [...rule.conditions, extra] } : rule;
        });
        expect([decide(allow, deny, f).decision, decide(stricter, deny, f).decision]).not.toEqual(['deny', 'allow']);
      }),
    );
  });

  it('one more deny rule never turns a denial into a permission, and one that holds denies', () => {
    fc.assert(
      fc.property(allowRules, denyRules, denyRule, facts, (allow, deny, extra, f) => {
        const before = decide(allow, deny, f);
        const after = decide(allow, [...deny, extra], f);
        const forbidden = after.trace.rules.some(({ effect, passed }) => effect === 'deny' && passed);
        expect([before.decision, after.decision]).not.toEqual(['deny', 'allow']);
        expect([forbidden, after.decision]).not.toEqual([true, 'allow']);
      }),
    );
  });

  it('a permission has a rule that holds in every condition, and no deny rule that does', () => {
    fc.assert(
      fc.property(allowRules, denyRules, facts, (allow, deny, f) => {
        const { decision, rule, trace } = decide(allow, deny, f);
        const deciding = trace.rules.find((candidate) => candidate.rule === rule);
        const holding = trace.rules.filter(({ conditions: all }) => all.every(({ passed }) => passed));
        expect(trace.rules.filter(({ passed }) => passed)).toEqual(holding);
        expect([decision, deciding?.effect === 'allow' && deciding.passed]).not.toEqual(['allow', false]);
        const shouldAllow = holding.length > 0 && holding.every(({ effect }) => effect === 'allow');
        expect(decision).toBe(shouldAllow ? 'allow' : 'deny');
      }),
    );
  });

  it('a condition on a claim that is missing holds for absent alone', () => {
    fc.assert(
      fc.property(allowRules, denyRules, facts, (allow, deny, f) => {
        const missing = decide(allow, deny, f)
          .trace.rules.flatMap((rule) => rule.conditions)
          .filter(({ actual }) => actual === undefined);
        const wrong = missing.filter(({ operator, expected, passed }) => {
          return passed !== (operator === 'absent' && expected === true);
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('alternatives decide as the rules would that they stand for', () => {
    const alternatives = fc.array(conditions, { minLength: 1, maxLength: 3 });
    const group = (parts: readonly (readonly Condition[])[]) => ({
      anyOf: parts.map((list) => ({ conditions: list, at: AT })),
    });
    const written = <T extends AllowRule | DenyRule>(rule: T, parts: readonly (readonly Condition[])[]): readonly T[] =>
      parts.map((list) => ({ ...rule, conditions: [...rule.conditions, ...list] }));
    const seen = { allow: 0, deny: 0 };
    fc.assert(
      fc.property(allowRule, alternatives, fc.option(denyRule), alternatives, facts, (rule, parts, no, noParts, f) => {
        const grouped = decide([{ ...rule, ...group(parts) }], no === null ? [] : [{ ...no, ...group(noParts) }], f);
        const union = decide(written(rule, parts), no === null ? [] : written(no, noParts), f);
        seen[grouped.decision] += 1;
        expect(grouped.decision).toBe(union.decision);
      }),
    );
    expect(Math.min(seen.allow, seen.deny)).toBeGreaterThan(0);
  });

  it('the decision is the same twice', () => {
    fc.assert(
      fc.property(allowRules, denyRules, facts, (allow, deny, f) => {
        expect(decide(allow, deny, f)).toEqual(decide(allow, deny, f));
      }),
    );
  });
});
