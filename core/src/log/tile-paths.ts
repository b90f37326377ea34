/** Hashes in a full tile; the tree is cut every eight levels. c2sp.org/tlog-tiles, "Merkle Tree". */
export const TILE_WIDTH = 256;
/** Levels of the tree inside one tile. */
export const TILE_HEIGHT = 8;

/** Which tile, or with `level: 'entries'` which bundle of entries. */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  /** Hashes or entries in it: 1 to 256. */
  readonly width: number;
}

/** `1234067` -> `x001/x234/067`. */
function formatIndex(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, position) => (position < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Path of a tile or bundle below the prefix of the log, such as `tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: TileName): string {
  return `tile/${level}/${formatIndex(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|[1-9]?\d)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile that a path names, or `undefined` where it is not the one spelling of a tile. */
export function parseTilePath(path: string): TileName | undefined {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const [, levelText = '', indexText = '', widthText] = match;
  const level = levelText === 'entries' ? 'entries' : Number(levelText);
  const index = Number(indexText.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  const name: TileName = { level, index, width };
  // One resource has one path: leading groups of zeros and a full tile as `.p/256` come back differently.
  const isTile = (level === 'entries' || level <= 63) && Number.isSafeInteger(index) && width <= TILE_WIDTH;
  return isTile && tilePath(name) === path ? name : undefined;
}

/** Leaves below one hash of a tile at this level. */
export function leavesPerHash(level: number): number {
  return TILE_WIDTH ** level;
}

/** Width of the tile at this place in a tree of `size`: 0 where there is none yet. */
export function tileWidthAt(level: number | 'entries', index: number, size: number): number {
  const hashes = Math.floor(size / leavesPerHash(level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Every tile of a tree of `size`, level by level, without the bundles of entries. */
export function* tilesOfTree(size: number): Generator<TileName & { readonly level: number }> {
  for (let level = 0; leavesPerHash(level) <= size; level += 1) {
    for (let index = 0; ; index += 1) {
      const width = tileWidthAt(level, index, size);
      if (width === 0) break;
      yield { level, index, width };
    }
  }
}
