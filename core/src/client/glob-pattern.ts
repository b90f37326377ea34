import { OriginSignError } from '../errors/error.ts';

/** One alternative of a pattern, as absolute path segments. `**` stands alone for any number of folders. */
export type GlobSegments = readonly string[];

const MAX_ALTERNATIVES = 256;

/** Spells out `{a,b}`, nested ones too. Throws `input.invalid` for braces without partner or too many alternatives. */
export function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const alternatives = expandFirst(next, pattern);
    if (alternatives === undefined) done.push(next);
    else open.push(...alternatives.reverse());
    if (done.length + open.length > MAX_ALTERNATIVES) {
      throw invalid(pattern, `its braces have more than ${MAX_ALTERNATIVES} alternatives`);
    }
  }
  return [...new Set(done)];
}

/** Expands the first innermost group, or `undefined` where there is none. */
function expandFirst(text: string, pattern: string): string[] | undefined {
  const end = text.indexOf('}');
  const start = end === -1 ? text.indexOf('{') : text.lastIndexOf('{', end);
  if (end === -1 && start === -1) return undefined;
  if (end === -1 || start === -1) throw invalid(pattern, 'a brace has no partner');
  const before = text.slice(0, start);
  const after = text.slice(end + 1);
  return text
    .slice(start + 1, end)
    .split(',')
    .map((alternative) => before + alternative + after);
}

/** True where a segment has a wildcard. */
export function hasWildcard(segment: string): boolean {
  return /[*?]/.test(segment);
}

/** The leading segments without a wildcard: where a search starts. */
export function staticPrefix(segments: GlobSegments): GlobSegments {
  const first = segments.findIndex(hasWildcard);
  return first === -1 ? segments : segments.slice(0, first);
}

/** True where the path is what the pattern means. `*` and `?` stay inside one segment; in linear or quadratic time, never worse. */
export function matchesSegments(pattern: GlobSegments, path: GlobSegments): boolean {
  return matchWithStar(pattern, path, (segment) => segment === '**', matchesSegment);
}

/** True where one segment is what the pattern means. */
export function matchesSegment(pattern: string, text: string): boolean {
  return matchWithStar(
    Array.from(pattern),
    Array.from(text),
    (item) => item === '*',
    (item, character) => item === '?' || item === character,
  );
}

/**
 * Wildcard matching with one remembered star: a later star makes backtracking to an earlier one useless, which is what keeps
 * it from being exponential, as a regular expression made from the pattern could be.
 */
function matchWithStar(
  pattern: readonly string[],
  text: readonly string[],
  isStar: (item: string) => boolean,
  matches: (item: string, value: string) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length;) {
    const item = pattern[at];
    if (item !== undefined && isStar(item)) {
      star = at++;
      resume = index;
    } else if (item !== undefined && matches(item, text[index] ?? '')) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isStar);
}

/** The error for a pattern that cannot be understood. */
export function invalid(pattern: string, what: string): OriginSignError {
  return new OriginSignError('input.invalid', `The file pattern "${pattern}" is not valid: ${what}.`, {
    hint: 'patterns have *, **, ?, {a,b} and a leading ! to exclude',
  });
}
