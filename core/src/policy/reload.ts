import { checkPolicies, type CheckedFile, type CheckedPolicies, type CheckOptions } from './check.ts';
import type { LoadProblem } from './load-problem.ts';

/** One file of the directory and what became of it. */
export interface ReloadedFile {
  readonly path: string;
  /** SHA-256 of the file as it is now, lower-case hexadecimal. */
  readonly hash: string;
  /** Whether the file as it is now is in force. */
  readonly ok: boolean;
  /** Hash of the older version that stays in force instead. */
  readonly kept?: string;
}

/** Policies in force after a reload. */
export interface ReloadedPolicies {
  readonly active: CheckedPolicies;
  /** Texts in force by path: the input of the next reload. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every file that is there now, in the order of the paths. */
  readonly files: readonly ReloadedFile[];
  /** Problems of the files as they are now, those whose older version stays in force included. */
  readonly problems: readonly LoadProblem[];
}

const SYSTEMS = /^trusted-build-systems\//;
const PROJECTS = /^projects\//;

/**
 * Takes over a changed directory. A file that does not load any more keeps its last good version in force; a file that is gone
 * is gone. `previous` is `texts` of the reload before, empty at the start.
 */
export function reloadPolicies(
  previous: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string>,
  options: CheckOptions,
): ReloadedPolicies {
  const asTheyAre = checkPolicies(next, options);
  // Trusted build systems first: with its older version in force a project may need none of its own.
  const withSystems = keepOlder(previous, next, asTheyAre, SYSTEMS);
  const projectsAsTheyAre = checkPolicies(withSystems, options);
  const texts = keepOlder(previous, withSystems, projectsAsTheyAre, PROJECTS);
  const active = checkPolicies(texts, options);
  const seen = [
    ...asTheyAre.files.filter(({ path }) => !PROJECTS.test(path)),
    ...projectsAsTheyAre.files.filter(({ path }) => PROJECTS.test(path)),
  ].sort((left, right) => (left.path < right.path ? -1 : 1));
  const inForce = new Map(active.files.filter(({ ok }) => ok).map(({ path, hash }) => [path, hash]));
  return {
    active,
    texts: new Map([...texts].filter(([path]) => inForce.has(path))),
    files: seen.map((file) => outcome(file, inForce.get(file.path))),
    problems: seen.flatMap(({ problems }) => problems),
  };
}

function outcome({ path, ok, hash: found }: CheckedFile, inForce: string | undefined): ReloadedFile {
  // The same text can stay in force although it would not be taken over now: where it stands beside is what changed.
  if (ok || inForce === undefined) return { path, hash: found, ok: inForce !== undefined };
  return { path, hash: found, ok: false, kept: inForce };
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
