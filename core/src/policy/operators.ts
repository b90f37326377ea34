import type { ClaimSchema, ClaimValue } from '../platforms/claim-schema.ts';
import { matchesGlob } from './glob.ts';
import type { Condition, Operator } from './model.ts';
import { isInTimeWindow } from './time.ts';

/**
 * Kinds of thing that a condition can look at. A `number` is always there, an `integer` is a claim that may be missing; `texts`
 * is a claim with several values, of which one is enough.
 */
export type SubjectType = 'string' | 'texts' | 'integer' | 'boolean' | 'number' | 'size' | 'time' | 'list';

/** What each operator looks at, and its meaning in a few words. */
export const OPERATORS: Readonly<
  Record<Operator, { readonly types: readonly SubjectType[]; readonly meaning: string }>
> = {
  is: { types: ['string', 'texts', 'integer', 'boolean', 'number', 'size'], meaning: 'equals the value' },
  in: { types: ['string', 'texts', 'integer', 'number', 'size'], meaning: 'equals one of the values' },
  glob: { types: ['string', 'texts'], meaning: 'matches the pattern: * within one segment, ** for whole segments' },
  absent: { types: ['string', 'texts', 'integer', 'boolean'], meaning: 'is missing (true) or there (false)' },
  gte: { types: ['integer', 'number', 'size'], meaning: 'is at least' },
  lte: { types: ['integer', 'number', 'size'], meaning: 'is at most' },
  within: { types: ['time'], meaning: 'lies in one of the time windows' },
  count: { types: ['list'], meaning: 'has a number of items that is, gte or lte' },
};

/** The operators that fit a type, in the order of the table. */
export function operatorsFor(type: SubjectType): readonly Operator[] {
  return (Object.keys(OPERATORS) as Operator[]).filter((operator) => OPERATORS[operator].types.includes(type));
}

/** True where the word is an operator. */
export function isOperator(word: string): word is Operator {
  return Object.hasOwn(OPERATORS, word);
}

/** What conditions on a claim of this type look at. */
export function subjectTypeOf(type: ClaimSchema['type']): SubjectType {
  return type === 'list' ? 'texts' : type;
}

/**
 * True where the condition holds for the value; where the value is several texts, for one of them. What is missing satisfies nothing but `absent: true`, and a value of
 * another type than the operand satisfies nothing at all.
 */
export function holds(condition: Condition, actual: ClaimValue | Date | undefined): boolean {
  if (condition.operator === 'absent') return (actual === undefined) === condition.absent;
  if (actual === undefined) return false;
  if (isTexts(actual) && condition.operator !== 'count') return actual.some((item) => holds(condition, item));
  switch (condition.operator) {
    case 'is':
      return actual === condition.value;
    case 'in':
      return condition.values.some((value) => value === actual);
    case 'glob':
      return typeof actual === 'string' && matchesGlob(condition.glob, actual);
    case 'gte':
      return typeof actual === 'number' && actual >= condition.bound;
    case 'lte':
      return typeof actual === 'number' && actual <= condition.bound;
    case 'within':
      return actual instanceof Date && condition.windows.some((window) => isInTimeWindow(window, actual));
    case 'count':
      return Array.isArray(actual) && condition.bounds.every((bound) => holds(bound, actual.length));
  }
}

function isTexts(value: ClaimValue | Date): value is readonly string[] {
  return Array.isArray(value);
}
