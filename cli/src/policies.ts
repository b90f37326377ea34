import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readSmallFile } from '@originsign/core/client/small-file';
import { utf8Text } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies, type CheckedFile } from '@originsign/core/policy/check';
import { formatProblem } from '@originsign/core/policy/load-problem';
import type { Project } from '@originsign/core/policy/model';
import type { TrustedBuildSystem } from '@originsign/core/policy/trusted-build-system';
import { pathOf } from './files.ts';
import type { Host } from './host.ts';

/** What all policy commands take. */
export interface PolicyOptions {
  readonly trial?: boolean;
}

/** Loaded policies, narrowed to what the user named. */
export interface LoadedPolicies {
  readonly files: readonly CheckedFile[];
  readonly projects: readonly Project[];
  readonly systems: ReadonlyMap<string, TrustedBuildSystem>;
}

/**
 * Loads a directory of policies, or single files together with the rest of their directory, which they may refer to. Problems
 * are values; throws `input.file` and `input.invalid`.
 */
export async function loadPolicies(
  paths: readonly string[],
  options: PolicyOptions,
  host: Host,
): Promise<LoadedPolicies> {
  const places = await Promise.all(paths.map((text) => placeOf(pathOf(host, text))));
  const [first] = places;
  if (first === undefined) throw new OriginSignError('input.missing', 'No policies are given.');
  if (places.some(({ root }) => root !== first.root)) {
    throw new OriginSignError('input.invalid', 'The paths lie in different directories of policies.');
  }
  const checked = checkPolicies(await readTexts(first.root), { trial: options.trial === true, formats: FORMATS });
  const isWanted = (file: string): boolean => places.some((place) => place.file === undefined || place.file === file);
  const files = checked.files.filter(({ path }) => isWanted(path));
  if (files.length === 0) {
    throw new OriginSignError('input.no_files', `There are no policy files in "${first.root}".`, {
      hint: 'policies are projects/<project>.yml and trusted-build-systems/<id>.yml',
    });
  }
  const projects = [...checked.projects.values()].filter(({ file }) => isWanted(file));
  return { files, projects, systems: checked.systems };
}

/** The same, where nothing may be wrong. Throws `policy.invalid` with the first problem besides. */
export async function loadGoodPolicies(
  paths: readonly string[],
  options: PolicyOptions,
  host: Host,
): Promise<LoadedPolicies> {
  const loaded = await loadPolicies(paths, options, host);
  const problem = loaded.files.flatMap(({ problems }) => problems)[0];
  if (problem === undefined) return loaded;
  throw new OriginSignError('policy.invalid', `${formatProblem(problem)}.`, {
    hint: 'originsign policy check shows all problems',
  });
}

interface Place {
  /** The directory of policies. Absolute. */
  readonly root: string;
  /** Path below it, with forward slashes; all files where left out. */
  readonly file?: string;
}

async function placeOf(path: string): Promise<Place> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new OriginSignError('input.file', `There is no file or folder "${path}".`, { cause });
  });
  if (stats.isDirectory()) return { root: path };
  const root = dirname(dirname(path));
  return { root, file: `${basename(dirname(path))}/${basename(path)}` };
}

/** All YAML files below the directory: those in odd places are problems too, since nobody would load them. */
async function readTexts(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(relative(root, path).split(sep).join('/'), await readText(path));
  return texts;
}

async function readText(path: string): Promise<string> {
  const bytes = await readSmallFile(path);
  try {
    return utf8Text(bytes);
  } catch (cause) {
    throw new OriginSignError('input.file', `The file "${path}" is not UTF-8.`, { cause });
  }
}
