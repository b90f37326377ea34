import { appendLeaf, EMPTY_FRONTIER, frontierRoot, type Frontier } from './frontier.ts';
import { emptyRoot } from './merkle-hash.ts';
import { TILE_HEIGHT } from './tile-paths.ts';

/** A tree that grows leaf by leaf and remembers what a check of the whole log compares. */
export class TreeBuilder {
  /** Hashes of the tiles at level 1, 2, ...; `levels[0]` is level 1. */
  readonly levels: Uint8Array[][] = [];
  readonly #wanted: ReadonlySet<number>;
  readonly #roots = new Map<number, Uint8Array>([[0, emptyRoot()]]);
  #frontier: Frontier = EMPTY_FRONTIER;

  /** `sizes` are the sizes whose roots will be asked for. */
  constructor(sizes: ReadonlySet<number>) {
    this.#wanted = sizes;
  }

  add(leaf: Uint8Array): void {
    const { frontier, completed } = appendLeaf(this.#frontier, leaf);
    this.#frontier = frontier;
    for (const { level, hash } of completed) {
      if (level % TILE_HEIGHT === 0) (this.levels[level / TILE_HEIGHT - 1] ??= []).push(hash);
    }
    if (this.#wanted.has(frontier.size)) this.#roots.set(frontier.size, frontierRoot(frontier));
  }

  root(): Uint8Array {
    return frontierRoot(this.#frontier);
  }

  /** Root at one of the wanted sizes that the tree has reached. */
  rootAt(size: number): Uint8Array | undefined {
    return this.#roots.get(size);
  }
}
