/**
 * A pattern over a `/`-separated text: `*` stands for any part of one segment, `**` for any number of whole segments.
 * Nothing else has a special meaning. A `*` that is a whole segment never stands for an empty one, and a pattern that ends
 * in `**` asks for something below: `refs/heads/**` is not `refs/heads`.
 */
export interface Glob {
  readonly pattern: string;
  readonly segments: readonly GlobSegment[];
}

/** `**`, or the literal pieces between the stars of one segment: `v*` has the pieces `v` and the empty one. */
export type GlobSegment =
  { readonly kind: 'any-depth' } | { readonly kind: 'pieces'; readonly pieces: readonly string[] };

/** Longest pattern, characters. */
export const MAX_GLOB_LENGTH = 512;

/** The pattern, or the reason why it is none. */
export function parseGlob(pattern: string): Glob | string {
  if (pattern === '') return 'a pattern must not be empty';
  if (pattern.length > MAX_GLOB_LENGTH) return `a pattern has at most ${MAX_GLOB_LENGTH} characters`;
  const special = /[?[\]{}\\!]/.exec(pattern);
  if (special !== null) return `"${special[0]}" has no meaning in a pattern, only * and ** have`;
  const segments: GlobSegment[] = [];
  for (const segment of pattern.split('/')) {
    if (segment === '**') segments.push({ kind: 'any-depth' });
    else if (segment.includes('**')) return '"**" can only be a whole segment, as in refs/heads/**';
    else segments.push({ kind: 'pieces', pieces: segment.split('*') });
  }
  return { pattern, segments };
}

/**
 * True where the whole text matches. Every wildcard takes the leftmost place that fits and is never tried again, so the
 * work is bounded by pattern length times text length whatever an attacker calls a branch.
 */
export function matchesGlob(glob: Glob, text: string): boolean {
  const groups = splitAtAnyDepth(glob.segments);
  const segments = text.split('/');
  const [head = [], ...rest] = groups;
  const tail = rest.pop();
  if (tail === undefined) return head.length === segments.length && groupFits(head, segments, 0);

  if (!groupFits(head, segments, 0)) return false;
  let offset = head.length;
  for (const group of rest) {
    const found = findGroup(group, segments, offset);
    if (found === undefined) return false;
    offset = found + group.length;
  }
  const tailStart = segments.length - tail.length;
  if (tailStart < offset || !groupFits(tail, segments, tailStart)) return false;
  return tail.length > 0 || (tailStart > offset && segments.at(-1) !== '');
}

type Pieces = readonly string[];

function splitAtAnyDepth(segments: readonly GlobSegment[]): Pieces[][] {
  const groups: Pieces[][] = [[]];
  for (const segment of segments) {
    if (segment.kind === 'any-depth') groups.push([]);
    else groups.at(-1)?.push(segment.pieces);
  }
  return groups;
}

function findGroup(group: readonly Pieces[], segments: readonly string[], from: number): number | undefined {
  for (let start = from; start + group.length <= segments.length; start += 1) {
    if (groupFits(group, segments, start)) return start;
  }
  return undefined;
}

function groupFits(group: readonly Pieces[], segments: readonly string[], start: number): boolean {
  if (start + group.length > segments.length) return false;
  return group.every((pieces, index) => segmentFits(pieces, segments[start + index] ?? ''));
}

function segmentFits(pieces: Pieces, segment: string): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return segment === first;
  if (segment === '' || !segment.startsWith(first)) return false;
  let offset = first.length;
  for (const piece of rest) {
    const found = segment.indexOf(piece, offset);
    if (found === -1) return false;
    offset = found + piece.length;
  }
  return segment.length - last.length >= offset && segment.endsWith(last);
}
