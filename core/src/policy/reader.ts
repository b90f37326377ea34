import { didYouMean } from './did-you-mean.ts';
import type { Position, Report } from './load-problem.ts';
import type { ListTree, MapEntry, MapTree, ScalarTree, Tree } from './yaml-tree.ts';

/** The keys that a mapping may have. */
export interface Keys {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Keys with a meaning that this version does not enforce: they refuse the load rather than promise something. */
  readonly unsupported?: readonly string[];
}

/** The entries of a checked mapping by key. */
export type Fields = ReadonlyMap<string, MapEntry>;

/** Names of projects, policies, rules, systems, formats and keys. */
export const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** A mapping with exactly the given keys; reports others with "did you mean", and missing ones. */
export function readFields(tree: Tree, what: string, keys: Keys, report: Report): Fields | undefined {
  const map = readMap(tree, what, report);
  if (map === undefined) return undefined;
  const fields = new Map<string, MapEntry>();
  const known = [...keys.required, ...keys.optional];
  for (const entry of map.entries) {
    if (keys.unsupported?.includes(entry.key) === true) reportUnsupported(entry.at, entry.key, report);
    else if (known.includes(entry.key)) fields.set(entry.key, entry);
    else
      report(entry.at, `${what} has no key "${entry.key}"`, {
        hint: didYouMean(entry.key, known) ?? `it has ${known.join(', ')}`,
      });
  }
  const missing = keys.required.filter((key) => !map.entries.some((entry) => entry.key === key));
  for (const key of missing) report(map.at, `${what} lacks the key "${key}"`);
  return fields;
}

/** Refuses a key whose promise nobody would keep. */
export function reportUnsupported(at: Position, key: string, report: Report): void {
  report(at, `"${key}" is not enforced by this version, so a file with it does not load`, {
    code: 'policy.approval_unsupported',
    hint: 'take it out, and do not rely on it',
  });
}

/** A mapping of any keys. */
export function readMap(tree: Tree, what: string, report: Report): MapTree | undefined {
  return tree.kind === 'map' ? tree : void report(tree.at, `${what} must be a mapping, not ${kindOf(tree)}`);
}

/** A list with at least one item. */
export function readList(tree: Tree, what: string, report: Report): ListTree | undefined {
  if (tree.kind !== 'list') return void report(tree.at, `${what} must be a list, not ${kindOf(tree)}`);
  return tree.items.length > 0 ? tree : void report(tree.at, `${what} must not be empty`);
}

/** Every item of a list that `readItem` accepts. */
export function readItems<T>(
  tree: Tree | undefined,
  what: string,
  report: Report,
  readItem: (item: Tree, index: number) => T | undefined,
): readonly T[] {
  if (tree === undefined) return [];
  const items = readList(tree, what, report)?.items ?? [];
  return items.map(readItem).filter((item) => item !== undefined);
}

/** Text that is not empty. */
export function readText(tree: Tree, what: string, report: Report): string | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') {
    const hint = tree.kind === 'scalar' && tree.value !== null ? `put it in quotes: "${tree.source}"` : undefined;
    return void report(tree.at, `${what} must be text, not ${kindOf(tree)}`, { hint });
  }
  return tree.value === '' ? void report(tree.at, `${what} must not be empty`) : tree.value;
}

/** Text of at most `limit` characters on one line, for people. */
export function readSentence(tree: Tree, what: string, limit: number, report: Report): string | undefined {
  const text = readText(tree, what, report);
  if (text === undefined) return undefined;
  if (text.length > limit) return void report(tree.at, `${what} is longer than ${limit} characters`);
  return text;
}

/** A name: lower-case letters, digits, ".", "_" and "-", at most 64 characters. */
export function readName(tree: Tree, what: string, report: Report): string | undefined {
  const text = readText(tree, what, report);
  if (text === undefined || NAME.test(text)) return text;
  return void report(tree.at, `${what} must be lower-case letters, digits, ".", "_" or "-", at most 64 of them`);
}

/** A whole number, in plain decimal digits, within bounds. */
export function readInteger(
  tree: Tree,
  what: string,
  bounds: readonly [number, number],
  report: Report,
): number | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'number' || !isPlainInteger(tree)) {
    const hint =
      tree.kind === 'scalar' && typeof tree.value === 'string' && /^\d+$/.test(tree.value)
        ? 'write it without quotes'
        : undefined;
    return void report(tree.at, `${what} must be a whole number, not ${kindOf(tree)}`, { hint });
  }
  const [least, most] = bounds;
  if (tree.value < least || tree.value > most) {
    return void report(tree.at, `${what} must be between ${least} and ${most}`);
  }
  return tree.value;
}

/** One of a few words. */
export function readWord<const Word extends string>(
  tree: Tree,
  what: string,
  words: readonly Word[],
  report: Report,
): Word | undefined {
  const text = tree.kind === 'scalar' ? String(tree.value) : undefined;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  const found = text === undefined ? kindOf(tree) : `"${text}"`;
  return void report(tree.at, `${what} must be ${words.map((w) => `"${w}"`).join(' or ')}, not ${found}`, {
    hint: text === undefined ? undefined : didYouMean(text, words),
  });
}

/** True where a number is spelled in plain decimal digits: YAML also has 0x1F, 1e3 and 1.0. */
export function isPlainInteger(tree: ScalarTree): boolean {
  return /^(?:0|-?[1-9][0-9]*)$/.test(tree.source) && Number.isSafeInteger(tree.value);
}

/** What stands at a place, for "must be …, not …". */
export function kindOf(tree: Tree): string {
  if (tree.kind === 'list') return 'a list';
  if (tree.kind === 'map') return 'a mapping';
  if (tree.value === null) return 'nothing';
  if (typeof tree.value === 'boolean') return `the boolean ${String(tree.value)}`;
  return typeof tree.value === 'number' ? `the number ${tree.source}` : 'text';
}
