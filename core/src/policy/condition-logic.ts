import type { Domain, Domains } from './claim-domain.ts';
import type { Glob } from './glob.ts';
import type { Condition, Scalar } from './model.ts';
import { holds } from './operators.ts';
import { isOver } from './time.ts';

/**
 * What follows from conditions alone, whatever comes. Each answer is right where it is yes; where it is no, nothing was found.
 */
export interface ConditionLogic {
  /** The first condition that cannot hold together with those before it, or at all. */
  contradiction(conditions: readonly Condition[]): Condition | undefined;
  /** Whether a condition says nothing, because it always holds. */
  alwaysHolds(condition: Condition): boolean;
  /** Whether a condition holds wherever all of the others do. */
  follows(condition: Condition, others: readonly Condition[]): boolean;
}

/** The logic of conditions on claims with these domains, for requests from `now` on. */
export function conditionLogic(domains: Domains, now: Date): ConditionLogic {
  const alwaysHolds = (condition: Condition): boolean => {
    const domain = domains(condition.claim);
    if (condition.operator === 'count') return condition.bounds.every((bound) => isWithin(bound, domain));
    if (condition.operator === 'gte' || condition.operator === 'lte') return isWithin(condition, domain);
    return domain.isRequired && domain.values?.every((value) => holds(condition, value)) === true;
  };
  const isImpossible = (conditions: readonly Condition[]): boolean => {
    const [first] = conditions;
    return first !== undefined && cannotHold(conditions, domains(first.claim), now);
  };
  const sameClaim = (condition: Condition, others: readonly Condition[]): readonly Condition[] =>
    others.filter(({ claim }) => claim === condition.claim);
  return {
    contradiction: (conditions) =>
      conditions.find((condition, index) =>
        isImpossible([...sameClaim(condition, conditions.slice(0, index)), condition]),
      ),
    alwaysHolds,
    follows: (condition, others) => {
      if (alwaysHolds(condition)) return true;
      const relevant = sameClaim(condition, others);
      if (relevant.some((other) => isAtLeastAsStrict(other, condition))) return true;
      const domain = domains(condition.claim);
      const possible = possibleValues(relevant, domain);
      return possible !== undefined && domain.isPlural !== true && possible.every((value) => holds(condition, value));
    },
  };
}

/** Whether conditions on one claim leave nothing that it could be. */
function cannotHold(conditions: readonly Condition[], domain: Domain, now: Date): boolean {
  const wantsNone = conditions.some((condition) => condition.operator === 'absent' && condition.absent);
  if (wantsNone && conditions.some((condition) => condition.operator !== 'absent' || !condition.absent)) return true;
  if (wantsNone) return domain.isRequired;
  // Of several values each may meet another condition.
  if (domain.isPlural === true) return false;
  if (conditions.some((condition) => condition.operator === 'within' && isAllOver(condition, now))) return true;
  if (possibleValues(conditions, domain)?.length === 0) return true;
  const bounds = conditions.flatMap((condition) => (condition.operator === 'count' ? condition.bounds : [condition]));
  if (highest(bounds, domain) < lowest(bounds, domain)) return true;
  const globs = conditions.flatMap((condition) => (condition.operator === 'glob' ? [condition.glob] : []));
  return globs.some((left, index) => globs.slice(index + 1).some((right) => areApart(left, right)));
}

function isAllOver({ windows }: Extract<Condition, { operator: 'within' }>, now: Date): boolean {
  return windows.every((window) => isOver(window, now));
}

/** The values that meet all conditions, where they can be listed. */
function possibleValues(conditions: readonly Condition[], { values }: Domain): readonly Scalar[] | undefined {
  const listed = conditions.map(listedValues).find((list) => list !== undefined) ?? values;
  return listed
    ?.filter((value) => values?.includes(value) !== false)
    .filter((value) => conditions.every((condition) => condition.operator === 'count' || holds(condition, value)));
}

function listedValues(condition: Condition): readonly Scalar[] | undefined {
  if (condition.operator === 'is') return [condition.value];
  if (condition.operator === 'in') return condition.values;
  if (condition.operator === 'glob' && !condition.glob.pattern.includes('*')) return [condition.glob.pattern];
  return undefined;
}

function lowest(bounds: readonly Condition[], { least = 0 }: Domain): number {
  return Math.max(least, ...bounds.map((bound) => (bound.operator === 'gte' ? bound.bound : exactly(bound, 0))));
}

function highest(bounds: readonly Condition[], { most = Infinity }: Domain): number {
  return Math.min(most, ...bounds.map((bound) => (bound.operator === 'lte' ? bound.bound : exactly(bound, Infinity))));
}

function exactly(bound: Condition, otherwise: number): number {
  return bound.operator === 'is' && typeof bound.value === 'number' ? bound.value : otherwise;
}

function isWithin(bound: Condition, { least, most, isRequired }: Domain): boolean {
  if (!isRequired) return false;
  if (bound.operator === 'gte') return least !== undefined && least >= bound.bound;
  return bound.operator === 'lte' && most !== undefined && most <= bound.bound;
}

/** Whether nothing can match both: what stands before the first star, or behind the last, contradicts the other's. */
function areApart(left: Glob, right: Glob): boolean {
  const [leftStart, rightStart] = [left, right].map(({ pattern }) => pattern.slice(0, starAt(pattern)));
  const [leftEnd, rightEnd] = [left, right].map(({ pattern }) => ending(pattern));
  const isStart = (text = '', start = ''): boolean => text.startsWith(start) || start.startsWith(text);
  const isEnd = (text = '', end = ''): boolean => text.endsWith(end) || end.endsWith(text);
  return !isStart(leftStart, rightStart) || !isEnd(leftEnd, rightEnd);
}

function starAt(pattern: string): number {
  const at = pattern.indexOf('*');
  return at === -1 ? pattern.length : at;
}

/** `**` can stand for nothing, and the slash behind it goes with it. */
function ending(pattern: string): string {
  return pattern.slice(pattern.lastIndexOf('*') + 1).replace(/^\//, '');
}

function isAtLeastAsStrict(strict: Condition, condition: Condition): boolean {
  if (strict.operator === 'gte' && condition.operator === 'gte') return strict.bound >= condition.bound;
  if (strict.operator === 'lte' && condition.operator === 'lte') return strict.bound <= condition.bound;
  if (condition.operator === 'absent' && !condition.absent && strict.operator !== 'absent') return true;
  const isSame = JSON.stringify(strict.expected) === JSON.stringify(condition.expected);
  return strict.operator === condition.operator && isSame;
}
