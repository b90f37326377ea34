import { encodeBase64 } from '@originsign/core/encoding/base64';
import { equalBytes } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Checkpoint } from '@originsign/core/log/checkpoint';
import type { Db } from '../store/database.ts';
import { readHead } from './head.ts';
import type { HighWaterMark } from './high-water-mark.ts';
import { storedRoot } from './read.ts';
import { latestCheckpoint } from './checkpoints.ts';

/** What to hold the store against at start. */
export interface MarkCheck {
  readonly db: Db;
  readonly mark: HighWaterMark;
  readonly origin: string;
  /** True for `init`, which may start an empty log without a mark. */
  readonly init?: boolean;
  /** What an operator states who restores a store whose mark is lost. */
  readonly expected?: { readonly size: number; readonly root: Uint8Array };
}

/**
 * Refuses a store that is older than the log that was published, before anything is appended to it: two logs of one name would
 * follow. The store must contain the mark, the operator's expectation and its own newest checkpoint; then the mark moves up to
 * the committed head (a crash between commit and mark leaves it behind).
 *
 * Throws `log.rollback`, `log.mark_missing` and `log.corrupt`.
 */
export async function checkHighWaterMark(check: MarkCheck): Promise<void> {
  const { db, mark, origin, expected } = check;
  // The head last: a server beside this process may move all three, and the head never stays behind the others.
  const known = await mark.read();
  const checkpoint = await latestCheckpoint(db);
  const head = await readHead(db);
  if (known !== undefined) {
    if (known.origin !== origin)
      throw rollback(`The high-water mark is of the log ${known.origin}, not of ${origin}.`, {});
    await refuseOlderStore(db, head.size, known, 'the high-water mark');
  } else if (expected === undefined && !(check.init === true && head.size === 0)) {
    throw new OriginSignError('log.mark_missing', 'The high-water mark of the log is missing.');
  }
  if (expected !== undefined)
    await refuseOlderStore(db, head.size, { origin, ...expected }, 'the size and root that you gave');
  if (checkpoint !== undefined) {
    await refuseOlderStore(db, head.size, { ...checkpoint, origin }, 'the newest signed checkpoint');
  }
  if (!equalBytes(await storedRoot(db, head.size), head.root)) {
    throw new OriginSignError('log.corrupt', 'The stored tree does not lead to the root of the log.', {
      details: { table: 'log_head', row: 1, column: 'root' },
    });
  }
  await mark.write({ origin, size: head.size, root: head.root });
}

async function refuseOlderStore(db: Db, size: number, known: Checkpoint, what: string): Promise<void> {
  if (known.size > size) {
    throw rollback(`The store ends after ${size} log entries, but ${what} stands at ${known.size}.`, {
      size,
      knownSize: known.size,
      knownRoot: encodeBase64(known.root),
    });
  }
  const root = await storedRoot(db, known.size);
  if (equalBytes(root, known.root)) return;
  throw rollback(`The first ${known.size} log entries of the store are not the ones of ${what}.`, {
    size: known.size,
    root: encodeBase64(root),
    knownRoot: encodeBase64(known.root),
  });
}

function rollback(message: string, details: Readonly<Record<string, unknown>>): OriginSignError {
  return new OriginSignError('log.rollback', message, { details });
}
