import { lstat, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OriginSignError } from '../../errors/error.ts';
import { hasWildcard } from '../glob-pattern.ts';
import { findFiles, isWithin } from '../globs.ts';
import { shortPath } from '../report-lines.ts';

/** A file that may have to verify. */
export interface Candidate {
  /** Absolute. */
  readonly path: string;
  /** Folder up to which its proofs are looked for. Absolute. */
  readonly base: string;
  /** True where a folder was given and not this file: it need not be a file that is signed at all. */
  readonly isWalked: boolean;
}

/** A symbolic link in a folder that was given; it is never followed. */
export interface WalkedLink {
  readonly path: string;
  /** True where what it leads to lies in a folder that was given, and so is looked at itself. */
  readonly staysInside: boolean;
}

/** Everything that patterns and folders mean. */
export interface Candidates {
  /** Each once. */
  readonly files: readonly Candidate[];
  readonly links: readonly WalkedLink[];
  /** Patterns with a wildcard that match nothing. */
  readonly unmatched: readonly string[];
}

/**
 * Finds the files that patterns name and, where folders may be given, all that lies in those. A link that a pattern matches is
 * refused: passing over it would say of everything that the pattern matches what is true of a part of it. Throws
 * `input.file`, `input.invalid` and `input.no_files`.
 */
export async function findCandidates(
  patterns: readonly string[],
  workingDirectory: string,
  recursive: boolean,
): Promise<Candidates> {
  const texts = patterns.map((text) => text.trim()).filter((text) => text !== '');
  const folders = recursive ? await foldersOf(texts, workingDirectory) : new Map<string, string>();
  const named = await findNamed(
    texts.filter((text) => !folders.has(text)),
    workingDirectory,
    folders.size === 0,
  );
  const walked = await findWalked(texts, folders, workingDirectory);
  const known = new Set(named.files.map(({ path }) => path));
  return {
    files: [...named.files, ...walked.files.filter(({ path }) => !known.has(path))],
    links: walked.links,
    unmatched: [...named.unmatched, ...walked.unmatched],
  };
}

const NOTHING: Candidates = { files: [], links: [], unmatched: [] };
const excludes = (text: string): boolean => text.startsWith('!');

/** Absolute paths of those patterns that are folders. */
async function foldersOf(texts: readonly string[], workingDirectory: string): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const text of texts.filter((pattern) => !excludes(pattern) && !hasWildcard(pattern))) {
    const path = resolve(workingDirectory, text);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory() === true) folders.set(text, path);
  }
  return folders;
}

async function findNamed(
  texts: readonly string[],
  workingDirectory: string,
  isEverything: boolean,
): Promise<Candidates> {
  if (!isEverything && texts.every(excludes)) return NOTHING;
  const { base, files, links, unmatched } = await findFiles(texts, { workingDirectory });
  const [link] = links;
  if (link !== undefined) {
    throw new OriginSignError(
      'input.file',
      `"${shortPath(link, workingDirectory)}" is a symbolic link and was not verified.`,
      { hint: 'remove it, or exclude it with a pattern that begins with !' },
    );
  }
  return { files: files.map(({ path }) => ({ path, base, isWalked: false })), links: [], unmatched };
}

async function findWalked(
  texts: readonly string[],
  folders: ReadonlyMap<string, string>,
  workingDirectory: string,
): Promise<Candidates> {
  if (folders.size === 0) return NOTHING;
  const below = texts.flatMap((text) => {
    if (excludes(text)) return [text];
    return folders.has(text) ? [`${text}/**`] : [];
  });
  const { files, links, unmatched } = await findFiles(below, { workingDirectory, withProofs: true });
  const roots = [...folders.values()];
  const realRoots = await Promise.all(roots.map((root) => realpath(root)));
  const baseOf = (path: string): string => roots.find((root) => isWithin(root, path)) ?? workingDirectory;
  return {
    files: files.map(({ path }) => ({ path, base: baseOf(path), isWalked: true })),
    links: await Promise.all(links.map((path) => judgeLink(path, realRoots))),
    unmatched,
  };
}

async function judgeLink(path: string, roots: readonly string[]): Promise<WalkedLink> {
  // A link that leads nowhere now can lead anywhere later.
  const target = await realpath(path).catch(() => undefined);
  return { path, staysInside: target !== undefined && roots.some((root) => isWithin(root, target)) };
}
