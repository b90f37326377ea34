import { conditionsOn, isExact, operandTexts } from './platform-rules.ts';
import type { ConditionView, RuleProblem, RuleView } from './platform.ts';

/** What a platform calls the things that start runs, and which of them no rule may allow. */
export interface TriggerRules {
  readonly claim: string;
  /** In messages: events, sources. */
  readonly noun: string;
  /** A condition to copy: `{in: [push, release]}`. */
  readonly example: string;
  /** Triggers that outsiders can cause or whose claims mislead, and why. */
  readonly forbidden: Readonly<Record<string, string>>;
}

/** Problems of the conditions on what started the run: a rule must name each trigger that it allows, and none of the forbidden. */
export function checkTriggers(
  rule: RuleView,
  { claim, noun, example, forbidden }: TriggerRules,
): readonly RuleProblem[] {
  const conditions = conditionsOn(rule, claim);
  const problems = conditions.flatMap((condition: ConditionView): RuleProblem[] => {
    if (condition.operator === 'glob') {
      return [{ claim, message: `${claim} must be named exactly`, hint: `list the ${noun}s: ${example}` }];
    }
    return operandTexts(condition)
      .filter((trigger) => Object.hasOwn(forbidden, trigger))
      .map((trigger) => ({
        claim,
        message: `a rule must not allow the ${noun} ${trigger}: ${forbidden[trigger] ?? ''}`,
      }));
  });
  if (problems.length > 0 || conditions.some(isExact)) return problems;
  return [{ message: `the rule does not say which ${noun}s it allows`, hint: `add ${claim}: ${example}` }];
}
