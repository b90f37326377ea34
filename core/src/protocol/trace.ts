import type { Json } from '../encoding/canonical-json.ts';

/** One condition of a rule with what it wanted and what it found. `actual` is left out where the claim is absent. */
export interface ConditionTrace {
  readonly claim: string;
  readonly operator: string;
  readonly expected: Json;
  readonly actual?: Json;
  readonly passed: boolean;
}

/** One rule: `passed` says that all its conditions held, which allows or denies depending on `effect`. */
export interface RuleTrace {
  readonly rule: string;
  readonly effect: 'allow' | 'deny';
  readonly passed: boolean;
  /** Those of the rule, with those of its alternative that holds or came nearest. */
  readonly conditions: readonly ConditionTrace[];
  /** Of a rule with alternatives: all of them, and the number, from 1, of the one among `conditions`. */
  readonly anyOf?: { readonly nearest: number; readonly alternatives: readonly (readonly ConditionTrace[])[] };
}

/** Why a request was allowed or denied, complete enough to decide it again. */
export interface DecisionTrace {
  readonly project: string;
  readonly policy: string;
  /** SHA-256 of the policy file that decided, lower-case hexadecimal. */
  readonly policyHash: string;
  readonly decision: 'allow' | 'deny';
  /** The rule that decided; on a default denial the rule that came nearest, where there is one. */
  readonly rule?: string;
  readonly rules: readonly RuleTrace[];
}
