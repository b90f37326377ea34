import type { ConditionTrace } from '../protocol/trace.ts';
import type { ArtifactFacts, ArtifactRules, Condition } from './model.ts';
import { holds } from './operators.ts';

/** How many values a trace shows: a request may have 1,024 artifacts. */
export const SHOWN_VALUES = 5;

/**
 * The artifact conditions of a rule. With `every` (allow rules) each must hold for all artifacts. With `some` (deny rules)
 * they hold together where one artifact meets them all: otherwise one harmless file beside it would switch the rule off.
 */
export function artifactTraces(
  rules: ArtifactRules,
  artifacts: readonly ArtifactFacts[],
  quantifier: 'every' | 'some',
): readonly ConditionTrace[] {
  const traces: ConditionTrace[] = [];
  let left = artifacts;
  for (const condition of rules.each) {
    const meeting = left.filter((artifact) => holds(condition, valueOf(condition, artifact)));
    const passed =
      quantifier === 'every' ? meeting.length === artifacts.length && meeting.length > 0 : meeting.length > 0;
    const shown = passed ? meeting : left.filter((artifact) => !meeting.includes(artifact));
    const actual = [...new Set(shown.map((artifact) => valueOf(condition, artifact)))].slice(0, SHOWN_VALUES);
    traces.push({ claim: condition.claim, operator: condition.operator, expected: condition.expected, actual, passed });
    // For `some` the next condition asks about the same artifact.
    if (quantifier === 'some') left = meeting;
  }
  const names = artifacts.map(({ name }) => name);
  for (const condition of rules.all) {
    const { claim, operator, expected } = condition;
    traces.push({ claim, operator, expected, actual: artifacts.length, passed: holds(condition, names) });
  }
  return traces;
}

function valueOf(condition: Condition, artifact: ArtifactFacts): string | number {
  switch (condition.claim) {
    case 'artifacts.format':
      return artifact.format;
    case 'artifacts.name':
      return artifact.name;
    case 'artifacts.size':
      return artifact.size;
    default:
      throw new TypeError(`No such property of artifacts: ${condition.claim}`);
  }
}
