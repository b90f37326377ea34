import type { ConditionView, RuleProblem, RuleView } from './platform.ts';

/** Conditions of a rule on one claim. */
export function conditionsOn(rule: RuleView, claim: string): readonly ConditionView[] {
  return rule.conditions.filter((condition) => condition.claim === claim);
}

/** True where the condition names its values. */
export function isExact({ operator }: ConditionView): boolean {
  return operator === 'is' || operator === 'in';
}

/** The texts that a condition names, patterns included. */
export function operandTexts(condition: ConditionView): readonly string[] {
  if (!isExact(condition) && condition.operator !== 'glob') return [];
  const { expected } = condition;
  const operands = Array.isArray(expected) ? (expected as readonly unknown[]) : [expected];
  return operands.filter((operand) => typeof operand === 'string');
}

/** Problems of the conditions on a ref: there must be some, on full refs of branches and tags. */
export function checkBranchOrTagRef(rule: RuleView, claim: string): readonly RuleProblem[] {
  const conditions = conditionsOn(rule, claim);
  const problems = conditions.flatMap((condition) => operandTexts(condition).flatMap((ref) => checkRef(claim, ref)));
  if (problems.length > 0 || conditions.some((c) => isExact(c) || c.operator === 'glob')) return problems;
  return [{ message: 'the rule does not say which refs it allows', hint: `add ${claim}: {glob: "refs/tags/v*"}` }];
}

function checkRef(claim: string, ref: string): readonly RuleProblem[] {
  if (/^refs\/(?:heads|tags)\/./.test(ref)) return [];
  if (ref.startsWith('refs/pull/')) {
    return [
      {
        claim,
        message: 'a rule must not allow pull request refs: their commits are not reviewed',
        hint: 'sign the branch after the merge',
      },
    ];
  }
  if (ref.startsWith('refs/') || ref.startsWith('*')) {
    return [
      { claim, message: `${ref} takes in more than branches and tags`, hint: 'begin with refs/heads/ or refs/tags/' },
    ];
  }
  return [{ claim, message: `${ref} is not a full ref`, hint: `write refs/heads/${ref} or refs/tags/${ref}` }];
}
