import type { ClaimValue, Claims } from '../platforms/claim-schema.ts';
import type { ConditionTrace } from '../protocol/trace.ts';
import type { Condition } from './model.ts';
import { holds } from './operators.ts';

/** What a request has under the name that a condition uses; `undefined` where it is missing. */
export type Lookup = (claim: string) => ClaimValue | Date | undefined;

/** Looks names up among the claims of the token, those of the origin, and the time of the decision. */
export function claimLookup(claims: Claims, origin: Claims, now: Date): Lookup {
  const known = new Map<string, ClaimValue | Date>([
    ...Object.entries(claims),
    // After the claims of the token, so that none of them can stand in for what the server knows.
    ...Object.entries(origin),
    ['time', now],
  ]);
  return (claim) => known.get(claim);
}

/** One condition as it is decided for this request. */
export function traceCondition(condition: Condition, lookup: Lookup): ConditionTrace {
  const { claim, operator, expected } = condition;
  const actual = lookup(claim);
  const shown = actual instanceof Date ? actual.toISOString() : actual;
  return {
    claim,
    operator,
    expected,
    ...(shown === undefined ? {} : { actual: shown }),
    passed: holds(condition, actual),
  };
}
