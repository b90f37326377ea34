import { checkHighWaterMark } from '../log/check-mark.ts';
import { fileHighWaterMark } from '../log/high-water-mark.ts';
import { readHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';

/** Moves the high-water mark up to the committed log, for commands that append and have no publisher. */
export async function settleLog(db: Db, origin: string, markPath: string): Promise<void> {
  const { size, root } = await readHead(db);
  await fileHighWaterMark(markPath).write({ origin, size, root });
}

/**
 * Refuses what `serve` would refuse before a command appends anything: entries on top of an old copy of the store would carry it
 * past its mark, and nobody would ever see that it was old. Throws `log.rollback`, `log.mark_missing`, `log.corrupt`.
 */
export async function checkLog(db: Db, origin: string, markPath: string): Promise<void> {
  await checkHighWaterMark({ db, mark: fileHighWaterMark(markPath), origin });
}
