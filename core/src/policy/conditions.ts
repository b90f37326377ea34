import type { Json } from '../encoding/canonical-json.ts';
import { isOriginSignError } from '../errors/error.ts';
import { type ClaimSchema, isSpelled, spellingWords } from '../platforms/claim-schema.ts';
import { canonicalName } from '../x509/name-reader.ts';
import { didYouMean } from './did-you-mean.ts';
import { parseGlob } from './glob.ts';
import type { Position, Report } from './load-problem.ts';
import type { Condition, Operator, Scalar } from './model.ts';
import { isOperator, OPERATORS, operatorsFor, type SubjectType } from './operators.ts';
import { isPlainInteger, kindOf, readItems, readMap, readText } from './reader.ts';
import { parseSize } from './size.ts';
import { parseTimeWindow } from './time.ts';
import type { Tree } from './yaml-tree.ts';

/** What the conditions of one key look at. */
export interface Subject {
  readonly name: string;
  readonly type: SubjectType;
  /** Schema of the claim, for its spelling and its known values. */
  readonly schema?: ClaimSchema;
}

const TYPE_WORDS: Readonly<Record<SubjectType, string>> = {
  string: 'text',
  texts: 'text',
  integer: 'a whole number',
  boolean: 'a boolean',
  number: 'a number',
  size: 'a size in bytes',
  time: 'a time',
  list: 'a list',
};

/** The conditions of one key: `{glob: "refs/tags/v*"}`, or several operators that must all hold. */
export function parseConditions(tree: Tree, subject: Subject, report: Report): readonly Condition[] {
  if (tree.kind !== 'map') {
    const written = tree.kind === 'scalar' && tree.source !== '' ? tree.source : 'value';
    report(tree.at, `the condition on ${subject.name} must be a mapping with an operator, not ${kindOf(tree)}`, {
      hint: `write {${operatorsFor(subject.type)[0] ?? 'is'}: ${written}}`,
    });
    return [];
  }
  if (tree.entries.length === 0) report(tree.at, `the condition on ${subject.name} is empty`);
  return tree.entries.flatMap(({ key, at, value }): readonly Condition[] => {
    if (!checkOperator(key, at, subject, report)) return [];
    const condition = parseOperand(key, value, subject, report);
    return condition === undefined ? [] : [{ ...condition, at }];
  });
}

function checkOperator(word: string, at: Position, subject: Subject, report: Report): word is Operator {
  const fitting = operatorsFor(subject.type);
  const fittingWords = `it takes ${fitting.join(', ')}`;
  if (!isOperator(word)) {
    report(at, `there is no operator "${word}"`, { hint: didYouMean(word, Object.keys(OPERATORS)) ?? fittingWords });
    return false;
  }
  if (fitting.includes(word)) return true;
  report(at, `"${word}" does not fit ${subject.name}, which is ${TYPE_WORDS[subject.type]}`, { hint: fittingWords });
  return false;
}

function parseOperand(operator: Operator, tree: Tree, subject: Subject, report: Report): Condition | undefined {
  const make = <T extends object>(expected: Json | undefined, part: T | undefined) =>
    part === undefined || expected === undefined ? undefined : { claim: subject.name, expected, at: tree.at, ...part };
  switch (operator) {
    case 'is': {
      const value = readValue(tree, subject, report);
      return make(value, value === undefined ? undefined : { operator, value });
    }
    case 'in': {
      const values = readItems(tree, `"in" of ${subject.name}`, report, (item) => readValue(item, subject, report));
      reportRepeated(values, tree, subject, report);
      return make(values, { operator, values });
    }
    case 'glob': {
      const glob = readGlob(tree, subject, report);
      return make(glob?.pattern, glob === undefined ? undefined : { operator, glob });
    }
    case 'absent': {
      const absent = readAbsent(tree, subject, report);
      return make(absent, absent === undefined ? undefined : { operator, absent });
    }
    case 'gte':
    case 'lte': {
      const bound = readValue(tree, subject, report);
      return make(bound, typeof bound === 'number' ? { operator, bound } : undefined);
    }
    case 'within': {
      const windows = readWindows(tree, subject, report);
      const [first, ...more] = windows.map((window) => window.text);
      return make(more.length === 0 ? first : [first ?? '', ...more], { operator, windows });
    }
    case 'count': {
      const map = readMap(tree, `"count" of ${subject.name}`, report);
      if (map === undefined) return undefined;
      const bounds = parseConditions(map, { name: `the number of ${subject.name}`, type: 'number' }, report);
      return make(Object.fromEntries(bounds.map((bound) => [bound.operator, bound.expected])), { operator, bounds });
    }
  }
}

/** A value of the type and spelling of the subject. */
export function readValue(tree: Tree, subject: Subject, report: Report): Scalar | undefined {
  const value = tree.kind === 'scalar' ? tree.value : undefined;
  const wanted = subject.type;
  const what = `the value for ${subject.name}`;
  if (wanted === 'string' || wanted === 'texts') {
    const text = readText(tree, what, report);
    if (text === undefined || !checkText(text, tree, subject, report)) return undefined;
    return subject.schema?.spelling === 'distinguished-name' ? readName(text, tree, report) : text;
  }
  if (wanted === 'size' && typeof value === 'string') {
    return parseSize(value) ?? void report(tree.at, `${what} is no size`, { hint: 'write bytes, or 500MiB' });
  }
  if (wanted === 'boolean' && typeof value === 'boolean') return value;
  if (
    wanted !== 'boolean' &&
    typeof value === 'number' &&
    tree.kind === 'scalar' &&
    isPlainInteger(tree) &&
    value >= 0
  ) {
    return value;
  }
  const quoted = tree.kind === 'scalar' && /^(?:true|false|\d+)$/.test(String(value)) && typeof value === 'string';
  return void report(tree.at, `${what} must be ${TYPE_WORDS[wanted]}, not ${kindOf(tree)}`, {
    hint: quoted ? 'write it without quotes' : undefined,
  });
}

/** The one spelling of a distinguished name, so that a condition holds whichever of them its author chose. */
function readName(text: string, tree: Tree, report: Report): string | undefined {
  try {
    return canonicalName(text);
  } catch (error) {
    if (!isOriginSignError(error, 'input.invalid')) throw error;
    return void report(tree.at, error.message, { hint: error.hint });
  }
}

function checkText(text: string, tree: Tree, subject: Subject, report: Report): boolean {
  const { schema } = subject;
  if (schema === undefined) return true;
  if (!isSpelled(schema, text)) {
    report(tree.at, `${subject.name} is always ${spellingWords(schema) ?? 'spelled otherwise'}, never "${text}"`);
    return false;
  }
  if (schema.values === undefined || schema.values.includes(text)) return true;
  report(tree.at, `${subject.name} is never "${text}"`, {
    hint: didYouMean(text, schema.values) ?? `it is ${schema.values.join(', ')}`,
  });
  return false;
}

function reportRepeated(values: readonly Scalar[], tree: Tree, subject: Subject, report: Report): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) report(tree.at, `"in" of ${subject.name} has ${JSON.stringify(repeated)} twice`);
}

function readGlob(tree: Tree, subject: Subject, report: Report) {
  const text = readText(tree, `the pattern for ${subject.name}`, report);
  if (text === undefined) return undefined;
  const glob = parseGlob(text);
  return typeof glob === 'string' ? void report(tree.at, glob) : glob;
}

function readAbsent(tree: Tree, subject: Subject, report: Report): boolean | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'boolean') {
    return void report(tree.at, `"absent" of ${subject.name} must be true or false, not ${kindOf(tree)}`);
  }
  if (subject.schema?.required === true) {
    return void report(tree.at, `${subject.name} is in every token, so a condition on its absence says nothing`);
  }
  return tree.value;
}

function readWindows(tree: Tree, subject: Subject, report: Report) {
  const items = tree.kind === 'list' ? tree.items : [tree];
  if (items.length === 0) report(tree.at, `"within" of ${subject.name} must not be empty`);
  return items.flatMap((item) => {
    const text = readText(item, 'a time window', report);
    const window = text === undefined ? undefined : parseTimeWindow(text);
    if (typeof window === 'string') report(item.at, window);
    return window === undefined || typeof window === 'string' ? [] : [window];
  });
}
