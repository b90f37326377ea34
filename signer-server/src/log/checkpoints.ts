import type { Db, LogCheckpointsTable } from '../store/database.ts';

/** A checkpoint as it was signed. */
export type StoredCheckpoint = Readonly<LogCheckpointsTable>;

/** The newest signed checkpoint: everything up to it is public. */
export function latestCheckpoint(db: Db): Promise<StoredCheckpoint | undefined> {
  return db.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
}

/** Keeps a signed checkpoint. Where another process was first at this size, its note stays and is given back. */
export async function storeCheckpoint(db: Db, checkpoint: StoredCheckpoint): Promise<StoredCheckpoint> {
  await db
    .insertInto('log_checkpoints')
    .values(checkpoint)
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute();
  return db.selectFrom('log_checkpoints').selectAll().where('size', '=', checkpoint.size).executeTakeFirstOrThrow();
}
