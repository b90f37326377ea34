import type { Claims } from '../platforms/claim-schema.ts';
import type { Platform, RepositoryClaims } from '../platforms/platform.ts';
import { platformByType } from '../platforms/platforms.ts';
import type { ConditionTrace } from '../protocol/trace.ts';
import { type Lookup, traceCondition } from './claim-lookup.ts';
import type { Condition, LinkedRepository, Project } from './model.ts';

/** Who asks, as far as links are concerned. */
export interface LinkedAsker {
  readonly system: string;
  readonly claims: Claims;
  readonly origin: { readonly platform: string };
}

/**
 * True where the project links this repository, by its immutable ids. To anyone else a server says `project.unknown` and
 * nothing about rules.
 */
export function isLinkedRepository(project: Project, { system, claims, origin }: LinkedAsker): boolean {
  const names = repositoryClaimsOf(origin.platform);
  return project.repositories.some((linked) => {
    const isSame = linked.system === system && isWithin(claims[names.id], linked.id, names);
    return isSame && (names.ownerId === undefined || claims[names.ownerId] === linked.ownerId);
  });
}

/** The repositories that a project links for a system, as conditions: id and owner of one and the same entry. */
export function repositoryTraces(
  system: string,
  project: Project,
  platformType: string,
  lookup: Lookup,
): readonly ConditionTrace[] {
  const linked = project.repositories.filter((repository) => repository.system === system);
  const names = repositoryClaimsOf(platformType);
  const same = linked.filter(({ id }) => isWithin(lookup(names.id), id, names));
  const ids = names.match === 'below' ? belowTrace(names.id, linked, lookup) : oneOf(names.id, idsOf(linked), lookup);
  if (names.ownerId === undefined) return [ids];
  return [ids, oneOf(names.ownerId, ownersOf(same.length > 0 ? same : linked), lookup)];
}

function repositoryClaimsOf(platformType: string): Platform['repositoryClaims'] {
  const names = platformByType(platformType)?.repositoryClaims;
  if (names === undefined) throw new TypeError(`There is no platform ${platformType}.`);
  return names;
}

/** A link ends in a slash where it stands for all below it, so that no name can begin like it. */
function isWithin(actual: unknown, linked: string, { match }: RepositoryClaims): boolean {
  return match === 'exact' ? actual === linked : typeof actual === 'string' && actual.startsWith(linked);
}

function belowTrace(claim: string, linked: readonly LinkedRepository[], lookup: Lookup): ConditionTrace {
  const actual = lookup(claim);
  const [first = '', ...others] = idsOf(linked).map((id) => `${id}**/`);
  return {
    claim,
    operator: 'glob',
    expected: others.length === 0 ? first : [first, ...others],
    ...(typeof actual === 'string' ? { actual } : {}),
    passed: linked.some(({ id }) => typeof actual === 'string' && actual.startsWith(id)),
  };
}

function idsOf(linked: readonly LinkedRepository[]): readonly string[] {
  return linked.map(({ id }) => id);
}

function ownersOf(linked: readonly LinkedRepository[]): readonly string[] {
  return linked.map(({ ownerId }) => ownerId ?? '');
}

function oneOf(claim: string, wanted: readonly string[], lookup: Lookup): ConditionTrace {
  const values = [...new Set(wanted)];
  const [first = '', ...others] = values;
  const at = { line: 1, column: 1 };
  const condition: Condition =
    others.length === 0
      ? { claim, operator: 'is', value: first, expected: first, at }
      : { claim, operator: 'in', values, expected: values, at };
  return traceCondition(condition, lookup);
}
