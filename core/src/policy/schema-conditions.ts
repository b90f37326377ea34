import type { Json } from '../encoding/canonical-json.ts';
import type { Subject } from './conditions.ts';
import { MAX_GLOB_LENGTH } from './glob.ts';
import type { Operator } from './model.ts';
import { operatorsFor } from './operators.ts';

/** JSON Schema of the condition on one subject: a mapping of the operators that fit its type. */
export function conditionSchema(subject: Subject): { readonly [key: string]: Json } {
  const operators = operatorsFor(subject.type)
    .filter((operator) => operator !== 'absent' || subject.schema?.required === false)
    .map((operator) => [operator, operandSchema(operator, subject)] as const);
  return { type: 'object', minProperties: 1, additionalProperties: false, properties: Object.fromEntries(operators) };
}

function operandSchema(operator: Operator, subject: Subject): Json {
  switch (operator) {
    case 'is':
    case 'gte':
    case 'lte':
      return valueSchema(subject);
    case 'in':
      return { type: 'array', minItems: 1, uniqueItems: true, items: valueSchema(subject) };
    case 'glob':
      return { type: 'string', minLength: 1, maxLength: MAX_GLOB_LENGTH };
    case 'absent':
      return { type: 'boolean' };
    case 'within':
      return { anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }] };
    case 'count':
      return conditionSchema({ name: subject.name, type: 'number' });
  }
}

function valueSchema(subject: Subject): Json {
  const values = subject.schema?.values;
  if (values !== undefined) return { enum: values };
  switch (subject.type) {
    case 'integer':
    case 'number':
      return { type: 'integer', minimum: 0 };
    case 'size':
      return {
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'string', pattern: '^[0-9]+(B|KiB|MiB|GiB)$' },
        ],
      };
    case 'boolean':
      return { type: 'boolean' };
    default:
      return { type: 'string', minLength: 1 };
  }
}
