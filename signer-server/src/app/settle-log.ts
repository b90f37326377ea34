import { fileHighWaterMark } from '../log/high-water-mark.ts';
import { readHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';

/** Moves the high-water mark up to the committed log, for commands that append and have no publisher. */
export async function settleLog(db: Db, origin: string, markPath: string): Promise<void> {
  const { size, root } = await readHead(db);
  await fileHighWaterMark(markPath).write({ origin, size, root });
}
