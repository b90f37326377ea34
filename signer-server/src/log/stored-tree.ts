import { OriginSignError } from '@originsign/core/errors/error';
import type { NodePlace, NodeReader } from '@originsign/core/log/tree-nodes';
import type { Db } from '../store/database.ts';

/**
 * Nodes of the stored tree. Every complete subtree has a row, so a proof reads as many rows as it has levels, however long
 * the log is.
 */
export function storedNodes(db: Db): NodeReader {
  return async (places) => {
    const leaves = await readLeaves(db, places);
    const nodes = await readInner(db, places);
    return places.map(({ level, index }) => {
      const hash = level === 0 ? leaves.get(index) : nodes.get(`${level}/${index}`);
      if (hash !== undefined) return hash;
      const [table, row] = level === 0 ? ['log_entries', index] : ['log_nodes', [level, index]];
      throw new OriginSignError('log.corrupt', `The log lacks node ${index} of level ${level}.`, {
        details: { table, row },
      });
    });
  };
}

async function readLeaves(db: Db, places: readonly NodePlace[]): Promise<ReadonlyMap<number, Uint8Array>> {
  const indices = places.filter(({ level }) => level === 0).map(({ index }) => index);
  if (indices.length === 0) return new Map();
  const rows = await db.selectFrom('log_entries').select(['idx', 'leaf']).where('idx', 'in', indices).execute();
  return new Map(rows.map(({ idx, leaf }) => [idx, leaf]));
}

async function readInner(db: Db, places: readonly NodePlace[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const inner = places.filter(({ level }) => level > 0);
  if (inner.length === 0) return new Map();
  const rows = await db
    .selectFrom('log_nodes')
    .selectAll()
    .where((is) => is.or(inner.map(({ level, index }) => is.and([is('level', '=', level), is('idx', '=', index)]))))
    .execute();
  return new Map(rows.map(({ level, idx, hash }) => [`${level}/${idx}`, hash]));
}
