import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { OriginSignError } from '../errors/error.ts';
import {
  expandBraces,
  hasWildcard,
  invalid,
  matchesSegments,
  staticPrefix,
  type GlobSegments,
} from './glob-pattern.ts';

/** One file that the patterns mean. */
export interface MatchedFile {
  /** Absolute path in the spelling of this system. */
  readonly path: string;
  /** Path below the base, with forward slashes; never leaves it. */
  readonly name: string;
}

/** Everything that the patterns mean. */
export interface MatchedFiles {
  /** The deepest folder that all positive patterns share. Absolute. */
  readonly base: string;
  /** Sorted by name, each once. */
  readonly files: readonly MatchedFile[];
  /** Patterns with a wildcard that match nothing. */
  readonly unmatched: readonly string[];
  /** Symbolic links that would have matched; they are never followed. */
  readonly links: readonly string[];
}

/** Where and how to search. */
export interface GlobOptions {
  /** Absolute. */
  readonly workingDirectory: string;
  /** Folder whose files are results of earlier runs and no inputs. Absolute. */
  readonly outputDirectory?: string;
  /** True: proofs of earlier signings are found like any other file. */
  readonly withProofs?: boolean;
  /** `process.platform`; decides about backslashes and upper case. */
  readonly platform?: NodeJS.Platform;
}

interface Pattern {
  readonly text: string;
  readonly excludes: boolean;
  readonly alternatives: readonly GlobSegments[];
}

const OWN_FILES = /^originsign-[A-Za-z0-9_-]{12}\.(?:tlog-proof|provenance\.sigstore\.json)$/;

/**
 * Finds the files that patterns mean: `*`, `?` and `{a,b}` inside a segment, `**` for any folders, a leading `!` takes away what
 * earlier patterns matched. Wildcards meet hidden files too. Links are skipped, or refused where a pattern names one. Throws
 * `input.invalid` for a pattern, `input.no_files` where nothing or a named file is missing, `input.file` for what cannot be read.
 */
export async function findFiles(patterns: readonly string[], options: GlobOptions): Promise<MatchedFiles> {
  const parsed = patterns.map((text) => text.trim()).filter((text) => text !== '');
  const all = parsed.map((text) => parsePattern(text, options));
  const search = new Search(options);
  for (const pattern of all) await search.apply(pattern);
  const positive = all.filter(({ excludes }) => !excludes);
  const base = commonFolder(positive.flatMap(({ alternatives }) => alternatives));
  const files = search
    .found()
    .map((path) => ({ path, name: relative(base, path).split(sep).join('/').normalize('NFC') }));
  if (files.length === 0) {
    throw new OriginSignError('input.no_files', `No file matches ${list(parsed)}.`, { details: { patterns: parsed } });
  }
  files.sort((left, right) => (left.name < right.name ? -1 : 1));
  return { base, files, unmatched: search.unmatched, links: [...search.links].sort() };
}

function list(patterns: readonly string[]): string {
  return patterns.length === 0 ? 'an empty list of patterns' : patterns.map((text) => `"${text}"`).join(', ');
}

function parsePattern(text: string, { workingDirectory, platform = process.platform }: GlobOptions): Pattern {
  const excludes = text.startsWith('!');
  const body = excludes ? text.slice(1).trim() : text;
  if (body === '') throw invalid(text, 'there is nothing after the !');
  const alternatives = expandBraces(platform === 'win32' ? body.replaceAll('\\', '/') : body).map((alternative) =>
    absoluteSegments(alternative, workingDirectory, text),
  );
  return { text, excludes, alternatives };
}

function absoluteSegments(pattern: string, workingDirectory: string, whole: string): GlobSegments {
  if (pattern === '') throw invalid(whole, 'an alternative is empty');
  const segments = pattern.split('/');
  const first = segments.findIndex(hasWildcard);
  const literal = first === -1 ? segments : segments.slice(0, first);
  const rest = (first === -1 ? [] : segments.slice(first)).filter((segment) => segment !== '' && segment !== '.');
  // After a wildcard, `..` would leave the folder that the pattern seems to be about.
  if (rest.includes('..')) throw invalid(whole, 'there is a .. after a wildcard');
  return [...pathSegments(resolve(workingDirectory, `${literal.join('/')}${literal.length > 0 ? '/' : ''}`)), ...rest];
}

/** An absolute path cut at its separators; the first segment is the drive, or empty. */
function pathSegments(path: string): readonly string[] {
  return path.split(sep).filter((segment, index) => index === 0 || segment !== '');
}

function pathOf(segments: GlobSegments): string {
  return segments.length === 1 ? `${segments[0] ?? ''}${sep}` : segments.join(sep);
}

function commonFolder(alternatives: readonly GlobSegments[]): string {
  const folders = alternatives.map((segments) => {
    const prefix = staticPrefix(segments);
    return prefix.length === segments.length ? pathSegments(dirname(pathOf(prefix))) : prefix;
  });
  const [first = []] = folders;
  const end = first.findIndex((segment, index) => folders.some((folder) => folder[index] !== segment));
  return pathOf(end === -1 ? first : first.slice(0, end));
}

/** One search: the patterns are applied in order to a growing and shrinking set of paths. */
class Search {
  readonly links = new Set<string>();
  readonly unmatched: string[] = [];
  readonly #files = new Set<string>();
  readonly #options: GlobOptions;

  constructor(options: GlobOptions) {
    this.#options = options;
  }

  found(): readonly string[] {
    return [...this.#files];
  }

  async apply(pattern: Pattern): Promise<void> {
    if (pattern.excludes) return this.#exclude(pattern);
    let matched = false;
    for (const segments of pattern.alternatives) {
      const isLiteral = !segments.some(hasWildcard);
      if (isLiteral) await this.#addNamed(pathOf(segments), pattern.text);
      else if (await this.#addMatching(segments)) matched = true;
      matched ||= isLiteral;
    }
    if (!matched) this.unmatched.push(pattern.text);
  }

  #exclude({ alternatives }: Pattern): void {
    // An excluded folder takes everything below it along.
    const below = alternatives.flatMap((segments) => [segments, [...segments, '**']]);
    for (const paths of [this.#files, this.links]) {
      for (const path of paths) if (below.some((segments) => this.#matches(segments, path))) paths.delete(path);
    }
  }

  async #addNamed(path: string, pattern: string): Promise<void> {
    const stats = await statistics(path);
    if (stats === undefined) {
      throw new OriginSignError('input.no_files', `The file "${pattern}" does not exist.`, { details: { pattern } });
    }
    if (stats.isSymbolicLink()) throw notRegular(pattern, 'a symbolic link', 'name the file that it leads to');
    if (stats.isDirectory()) throw notRegular(pattern, 'a folder', `write ${pattern}/** for all files in it`);
    if (!stats.isFile()) throw notRegular(pattern, 'no regular file', 'only regular files can be signed');
    this.#files.add(path);
  }

  async #addMatching(segments: GlobSegments): Promise<boolean> {
    const prefix = staticPrefix(segments);
    const depth = segments.includes('**') ? Number.POSITIVE_INFINITY : segments.length - prefix.length;
    let matched = false;
    for await (const { path, entry } of walk(pathOf(prefix), depth)) {
      if (!this.#matches(segments, path) || this.#isOwn(path, entry.name, pathOf(prefix))) continue;
      if (entry.isSymbolicLink()) this.links.add(path);
      else if (entry.isFile()) this.#files.add(path);
      matched ||= entry.isFile();
    }
    return matched;
  }

  #matches(segments: GlobSegments, path: string): boolean {
    const { platform = process.platform } = this.#options;
    if (platform !== 'win32') return matchesSegments(segments, pathSegments(path));
    const lower = (items: readonly string[]) => items.map((item) => item.toLowerCase());
    return matchesSegments(lower(segments), lower(pathSegments(path)));
  }

  /** What an earlier run wrote must not become an input of this one. */
  #isOwn(path: string, name: string, start: string): boolean {
    const { outputDirectory, withProofs = false } = this.#options;
    if (!withProofs && OWN_FILES.test(name)) return true;
    return outputDirectory !== undefined && !isWithin(outputDirectory, start) && isWithin(outputDirectory, path);
  }
}

/** True where `path` is the folder or lies below it. Both absolute. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function* walk(folder: string, depth: number): AsyncGenerator<{ path: string; entry: Dirent }> {
  for (const entry of await entries(folder)) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield { path, entry };
    // A linked folder can lead out of the tree, or back into it without end.
    else if (depth > 1) yield* walk(path, depth - 1);
  }
}

async function entries(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw new OriginSignError('input.file', `The folder "${folder}" cannot be read.`, { cause });
  }
}

async function statistics(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new OriginSignError('input.file', `The file "${path}" cannot be read.`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function notRegular(pattern: string, what: string, hint: string): OriginSignError {
  return new OriginSignError('input.file', `"${pattern}" is ${what}.`, { hint });
}
