import { equalBytes } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { formatCheckpoint, openCheckpoint, type Checkpoint } from '@originsign/core/log/checkpoint';
import type { NoteKey } from '@originsign/core/log/note-key';
import type { Db } from '../store/database.ts';
import { latestCheckpoint, storeCheckpoint } from './checkpoints.ts';
import { readHead } from './head.ts';
import type { HighWaterMark } from './high-water-mark.ts';
import { Rounds } from './rounds.ts';
import { storedRoot } from './read.ts';

/** What a publisher works with. */
export interface PublisherPorts {
  readonly db: Db;
  readonly mark: HighWaterMark;
  readonly origin: string;
  /** Keys of this log; what {@link signNote} gives back must verify under one of them. */
  readonly keys: readonly NoteKey[];
  /** Signs the text of a checkpoint with the log key in the HSM. */
  readonly signNote: (text: string) => Promise<string>;
}

/** A signed checkpoint. */
export interface PublishedCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** Makes committed entries durable and public. Everyone passes the size that their own entries reach up to. */
export interface Publisher {
  /** Resolves when the high-water mark covers the entries: an answer that says so can no longer be taken back. Throws `log.*`. */
  durable(size: number): Promise<void>;
  /**
   * Resolves when a signed checkpoint covers the entries. Rejects while the log key cannot sign (`hsm.*`, `log.*`); entries
   * keep coming meanwhile, and the next call tries again.
   */
  checkpointFor(size: number): Promise<PublishedCheckpoint>;
  /** Finishes what is under way and takes nothing more. */
  stop(): Promise<void>;
}

/**
 * The publisher of one process. It signs what is committed, read after the commit, and nothing else: a process that was paused
 * or lost its lock finds the head of the others and signs that.
 */
export function createPublisher(ports: PublisherPorts): Publisher {
  const { db, mark, origin } = ports;
  const marks = new Rounds(async () => {
    const { size, root } = await readHead(db);
    await mark.write({ origin, size, root });
    return { size };
  });
  let last: Checkpoint | undefined;
  const checkpoints = new Rounds(async () => {
    const head = await readHead(db);
    const checkpoint = { origin, size: head.size, root: head.root };
    if (last !== undefined) await refuseFork(db, last, checkpoint);
    await marks.cover(head.size);
    const published = await publish(ports, checkpoint);
    last = checkpoint;
    return published;
  });
  return {
    durable: async (size) => {
      await marks.cover(size);
    },
    checkpointFor: (size) => checkpoints.cover(size),
    stop: async () => {
      await checkpoints.stop();
      await marks.stop();
    },
  };
}

/** A database that was exchanged under the running process must not get a second history signed. */
async function refuseFork(db: Db, last: Checkpoint, next: Checkpoint): Promise<void> {
  if (next.size >= last.size && equalBytes(await storedRoot(db, last.size), last.root)) return;
  throw new OriginSignError(
    'log.rollback',
    `The store no longer has the ${last.size} log entries that were signed for.`,
    {
      details: { size: next.size, signedSize: last.size },
    },
  );
}

async function publish({ db, keys, signNote }: PublisherPorts, checkpoint: Checkpoint): Promise<PublishedCheckpoint> {
  const newest = await latestCheckpoint(db);
  if (newest?.size === checkpoint.size && equalBytes(newest.root, checkpoint.root)) return newest;
  const note = await signNote(formatCheckpoint(checkpoint));
  // Whatever the HSM made goes out only if everyone else will accept it.
  const opened = openCheckpoint(note, keys);
  if (formatCheckpoint(opened) !== formatCheckpoint(checkpoint)) {
    throw new OriginSignError('log.corrupt', 'The signed checkpoint is not the one that was to be signed.');
  }
  const stored = await storeCheckpoint(db, { size: checkpoint.size, root: checkpoint.root, note });
  return { size: stored.size, note: stored.note };
}
