import { concatBytes, utf8 } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { encodeEntryBundle } from '@originsign/core/log/entry-bundle';
import {
  TILE_HEIGHT,
  TILE_WIDTH,
  parseTilePath,
  tilePath,
  tileWidthAt,
  type TileName,
} from '@originsign/core/log/tile-paths';
import type { Db } from '../store/database.ts';
import { latestCheckpoint } from './checkpoints.ts';

/** A file of the log as it is served below `/log/`. */
export interface LogResource {
  readonly contentType: 'text/plain; charset=utf-8' | 'application/octet-stream';
  readonly body: Uint8Array;
  /** True where it never changes, so that caches may keep it. */
  readonly immutable: boolean;
  /** Whether it shows entries, which need a role; hashes and checkpoints are public. */
  readonly kind: 'checkpoint' | 'tile' | 'entries';
}

/** What a path below `/log/` names, before anything is read; `undefined` where it names nothing. */
export function resourceKind(path: string): LogResource['kind'] | undefined {
  if (path === 'checkpoint') return 'checkpoint';
  const tile = parseTilePath(path);
  if (tile === undefined) return undefined;
  return tile.level === 'entries' ? 'entries' : 'tile';
}

/**
 * The file at a path below the prefix of the log (`checkpoint`, `tile/…`), or `undefined` where there is none. Only what the
 * newest signed checkpoint covers is there: entries that are committed and not yet signed for stay unseen.
 */
export async function readLogResource(db: Db, path: string): Promise<LogResource | undefined> {
  const tile = parseTilePath(path);
  if (path !== 'checkpoint' && tile === undefined) return undefined;
  const checkpoint = await latestCheckpoint(db);
  if (checkpoint === undefined) return undefined;
  if (tile === undefined) {
    const body = utf8(checkpoint.note);
    return { contentType: 'text/plain; charset=utf-8', body, immutable: false, kind: 'checkpoint' };
  }
  if (tile.width > tileWidthAt(tile.level, tile.index, checkpoint.size)) return undefined;
  const kind = tile.level === 'entries' ? 'entries' : 'tile';
  const body = kind === 'entries' ? await readBundle(db, tile) : await readTile(db, tile);
  return { contentType: 'application/octet-stream', body, immutable: true, kind };
}

async function readBundle(db: Db, tile: TileName): Promise<Uint8Array> {
  const begin = tile.index * TILE_WIDTH;
  const rows = await db
    .selectFrom('log_entries')
    .select(['entry'])
    .where('idx', '>=', begin)
    .where('idx', '<', begin + tile.width)
    .orderBy('idx')
    .execute();
  return encodeEntryBundle(whole(tile, rows).map(({ entry }) => entry));
}

async function readTile(db: Db, tile: TileName): Promise<Uint8Array> {
  const begin = tile.index * TILE_WIDTH;
  const end = begin + tile.width;
  if (tile.level === 0) {
    const leaves = db
      .selectFrom('log_entries')
      .select(['leaf as hash'])
      .where('idx', '>=', begin)
      .where('idx', '<', end);
    return concatBytes(...whole(tile, await leaves.orderBy('idx').execute()).map(({ hash }) => hash));
  }
  const rows = await db
    .selectFrom('log_nodes')
    .select(['hash'])
    .where('level', '=', Number(tile.level) * TILE_HEIGHT)
    .where('idx', '>=', begin)
    .where('idx', '<', end)
    .orderBy('idx')
    .execute();
  return concatBytes(...whole(tile, rows).map(({ hash }) => hash));
}

/** A tile with holes would be cached for ever. */
function whole<T>(tile: TileName, rows: readonly T[]): readonly T[] {
  if (rows.length === tile.width) return rows;
  throw new OriginSignError('log.corrupt', `The log lacks rows of ${tilePath(tile)}.`, {
    details: {
      table: tile.level === 0 || tile.level === 'entries' ? 'log_entries' : 'log_nodes',
      path: tilePath(tile),
    },
  });
}
