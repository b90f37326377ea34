import { OriginSignError } from '@originsign/core/errors/error';
import { proveConsistency, proveInclusion } from '@originsign/core/log/merkle-proof';
import { rootAtSize } from '@originsign/core/log/tree-nodes';
import type { Db } from '../store/database.ts';
import { storedNodes } from './stored-tree.ts';

/** Bytes of a stored entry. Throws `log.corrupt` where the log has none at this index. */
export async function readEntry(db: Db, index: number): Promise<Uint8Array> {
  const row = await db.selectFrom('log_entries').select('entry').where('idx', '=', index).executeTakeFirst();
  if (row !== undefined) return row.entry;
  throw new OriginSignError('log.corrupt', `The log lacks entry ${index}.`, {
    details: { table: 'log_entries', row: index },
  });
}

/** Inclusion proof of an entry in the log as it was at `size`. Throws `log.corrupt`. */
export function inclusionProof(db: Db, index: number, size: number): Promise<readonly Uint8Array[]> {
  return proveInclusion(storedNodes(db), index, size);
}

/** Consistency proof between two sizes of the log. Throws `log.corrupt`. */
export function consistencyProof(db: Db, oldSize: number, size: number): Promise<readonly Uint8Array[]> {
  return proveConsistency(storedNodes(db), oldSize, size);
}

/** Root that the stored log had at `size`. Throws `log.corrupt`. */
export function storedRoot(db: Db, size: number): Promise<Uint8Array> {
  return rootAtSize(storedNodes(db), size);
}
