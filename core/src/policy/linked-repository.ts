import type { Origin } from '../platforms/origin.ts';
import { platformByType } from '../platforms/platforms.ts';
import type { ConditionTrace } from '../protocol/trace.ts';
import { type Lookup, traceCondition } from './claim-lookup.ts';
import type { Condition, Project } from './model.ts';

/**
 * True where the project links this repository, by its immutable ids. To anyone else a server says `project.unknown` and
 * nothing about rules.
 */
export function isLinkedRepository(project: Project, origin: Origin): boolean {
  const { system, repository } = origin;
  return project.repositories.some((linked) => {
    return linked.system === system && linked.id === repository.id && linked.ownerId === repository.ownerId;
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
  const names = platformByType(platformType)?.repositoryClaims;
  if (names === undefined) throw new TypeError(`There is no platform ${platformType}.`);
  const same = linked.filter(({ id }) => id === lookup(names.id));
  return [
    oneOf(
      names.id,
      linked.map(({ id }) => id),
      lookup,
    ),
    oneOf(
      names.ownerId,
      (same.length > 0 ? same : linked).map(({ ownerId }) => ownerId),
      lookup,
    ),
  ];
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
