import { checkPolicies, type CheckedPolicies, type CheckOptions } from './check.ts';
import type { LoadProblem } from './load-problem.ts';

/** Policies in force after a reload. */
export interface ReloadedPolicies {
  readonly active: CheckedPolicies;
  /** Texts in force by path: the input of the next reload. */
  readonly texts: ReadonlyMap<string, string>;
  /** Problems of the files as they are now, those whose older version stays in force included. */
  readonly problems: readonly LoadProblem[];
  /** Paths whose older version stays in force. */
  readonly kept: readonly string[];
}

/**
 * Takes over a changed directory. A file that does not load any more keeps its last good version in force; a file that is gone
 * is gone. `previous` is `texts` of the reload before, empty at the start.
 */
export function reloadPolicies(
  previous: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string>,
  options: CheckOptions,
): ReloadedPolicies {
  const checked = checkPolicies(next, options);
  // Trusted build systems first: with its older version in force a project may need none of its own.
  const withSystems = keepOlder(previous, next, checked, /^trusted-build-systems\//);
  const texts = keepOlder(previous, withSystems, checkPolicies(withSystems, options), /^projects\//);
  const active = checkPolicies(texts, options);
  const kept = active.files.filter(({ path, ok }) => ok && texts.get(path) !== next.get(path)).map(({ path }) => path);
  return { active, texts: onlyGood(texts, active), problems: checked.problems, kept };
}

function keepOlder(
  previous: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
  checked: CheckedPolicies,
  paths: RegExp,
): ReadonlyMap<string, string> {
  const result = new Map(texts);
  for (const { path, ok } of checked.files) {
    const older = previous.get(path);
    if (!ok && older !== undefined && paths.test(path)) result.set(path, older);
  }
  return result;
}

function onlyGood(texts: ReadonlyMap<string, string>, checked: CheckedPolicies): ReadonlyMap<string, string> {
  const good = new Set(checked.files.filter(({ ok }) => ok).map(({ path }) => path));
  return new Map([...texts].filter(([path]) => good.has(path)));
}
