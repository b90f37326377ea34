import type { Json } from '../encoding/canonical-json.ts';
import type { OriginSignError } from '../errors/error.ts';
import { decisionTraceSchema, type Evaluation } from '../protocol/signing-request.ts';

/** A decision trace as it comes over the wire. */
export type WireTrace = Evaluation['trace'];
type RuleTrace = WireTrace['rules'][number];
type ConditionTrace = RuleTrace['conditions'][number];

/** The trace in `details.trace` of a refusal, `undefined` where there is none that can be read. */
export function traceOf(error: OriginSignError): WireTrace | undefined {
  const parsed = decisionTraceSchema.safeParse(error.details?.['trace']);
  return parsed.success ? parsed.data : undefined;
}

/** What one rule contributed to a denial, in words. */
export interface RuleReason {
  readonly rule: string;
  /** `1 of 5 conditions failed`. */
  readonly summary: string;
  readonly conditions: readonly ConditionReason[];
}

/** One condition in words. */
export interface ConditionReason {
  readonly claim: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Why a decision was a denial: a deny rule whose conditions all held, else the rule that came nearest, else every allow rule.
 * Empty for a policy without rules.
 */
export function denialReasons(trace: WireTrace): readonly RuleReason[] {
  const deciding = trace.rules.filter(({ rule }) => rule === trace.rule);
  const rules = deciding.length > 0 ? deciding : trace.rules.filter(({ effect }) => effect === 'allow');
  return rules.map(reasonOf);
}

function reasonOf({ rule, effect, passed, conditions }: RuleTrace): RuleReason {
  if (effect === 'deny' && passed) {
    return { rule, summary: 'denies, and all its conditions hold', conditions: conditions.map(inWords) };
  }
  const failed = conditions.filter((condition) => !condition.passed);
  const summary = `${failed.length} of ${conditions.length} conditions failed`;
  return { rule, summary, conditions: failed.map(inWords) };
}

function inWords({ claim, operator, expected, actual }: ConditionTrace): ConditionReason {
  const words = OPERATORS[operator] ?? `${operator} `;
  return {
    claim,
    expected: operator === 'absent' ? (expected === false ? 'present' : 'absent') : words + valueText(expected),
    actual: actual === undefined ? 'absent' : valueText(actual),
  };
}

const OPERATORS: Readonly<Record<string, string>> = { is: '', in: 'one of ', lte: 'at most ', gte: 'at least ' };

function valueText(value: Json): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(valueText).join(', ');
  return JSON.stringify(value);
}
