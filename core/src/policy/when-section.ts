import type { Platform } from '../platforms/platform.ts';
import { claimTable } from './claims.ts';
import { parseConditions } from './conditions.ts';
import { didYouMean } from './did-you-mean.ts';
import { subjectTypeOf } from './operators.ts';
import type { Position, Report } from './load-problem.ts';
import type { Alternative, Condition } from './model.ts';
import { readItems, readMap } from './reader.ts';
import type { MapEntry, Tree } from './yaml-tree.ts';

/** Reads `when` of a rule: claims of these platforms, claims of the origin, and `time`. */
export function parseWhen(
  entry: MapEntry | undefined,
  platforms: readonly Platform[],
  report: Report,
): readonly Condition[] {
  return entry === undefined ? [] : parseClaimConditions(entry.value, '"when"', platforms, report);
}

/** Reads `anyOf` of a rule: a list of alternatives, each written as `when` is. */
export function parseAnyOf(
  entry: MapEntry | undefined,
  platforms: readonly Platform[],
  report: Report,
): readonly Alternative[] | undefined {
  if (entry === undefined) return undefined;
  return readItems(entry.value, '"anyOf"', report, (item) => {
    return { conditions: parseClaimConditions(item, 'an alternative', platforms, report), at: item.at };
  });
}

function parseClaimConditions(
  tree: Tree,
  what: string,
  platforms: readonly Platform[],
  report: Report,
): readonly Condition[] {
  const map = readMap(tree, what, report);
  if (map === undefined) return [];
  if (map.entries.length === 0) report(map.at, `${what} has no conditions`);
  const table = claimTable(platforms);
  return map.entries.flatMap(({ key, at, value }) => {
    if (key === 'time') return parseConditions(value, { name: 'time', type: 'time' }, report);
    const schema = table.get(key);
    if (schema !== undefined)
      return parseConditions(value, { name: key, type: subjectTypeOf(schema.type), schema }, report);
    reportUnknownClaim(key, at, platforms, report);
    return [];
  });
}

function reportUnknownClaim(name: string, at: Position, platforms: readonly Platform[], report: Report): void {
  const unusable = platforms.map((platform) => whyUnusable(name, platform)).find((reason) => reason !== undefined);
  if (unusable !== undefined) return report(at, `${name} cannot be used in policies: ${unusable}`);
  if (name === 'anyOf') {
    return report(at, '"anyOf" stands beside "when"', { hint: 'anyOf: [{...}, {...}], each written as "when" is' });
  }
  const known = [...claimTable(platforms).keys(), 'time'];
  const hint = name.startsWith('artifacts')
    ? 'conditions on artifacts stand under "artifacts", beside "when"'
    : didYouMean(withPrefix(name, known), known);
  report(at, `there is no claim "${name}"`, { hint });
}

function whyUnusable(name: string, { prefix, unusableClaims }: Platform): string | undefined {
  const own = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : '';
  return Object.hasOwn(unusableClaims, own) ? unusableClaims[own] : undefined;
}

/** The claim that a name without prefix may mean: rather one of a platform than one of the origin. */
function withPrefix(name: string, known: readonly string[]): string {
  return known.findLast((claim) => claim.endsWith(`.${name}`)) ?? name;
}
