import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { equalBytes } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from '@originsign/core/log/checkpoint';

/** Where the largest size that was ever answered for is kept, outside the database that a backup could set back. */
export interface HighWaterMark {
  /** The mark, or `undefined` where there is none. Throws `log.corrupt` where it cannot be understood. */
  read(): Promise<Checkpoint | undefined>;
  /** Keeps a mark for good before it resolves. Never goes back: a smaller one is ignored. Throws `log.unavailable`. */
  write(mark: Checkpoint): Promise<void>;
}

/**
 * A mark in a file, whose content is the text of an unsigned checkpoint. Writing it survives the loss of power: new file,
 * fsync, rename over the old one, fsync of the directory. It belongs on another disk than the database, or at least into
 * another backup.
 */
export function fileHighWaterMark(path: string): HighWaterMark {
  const read = (): Promise<Checkpoint | undefined> => readMark(path);
  return {
    read,
    write: async (mark) => {
      const present = await read();
      // Another process of this host (a command beside the server) may have got further.
      if (present !== undefined && present.size >= mark.size) return refuseOtherRoot(present, mark);
      await writeMark(path, formatCheckpoint(mark));
    },
  };
}

function refuseOtherRoot(present: Checkpoint, mark: Checkpoint): void {
  if (present.origin === mark.origin && (present.size > mark.size || equalBytes(present.root, mark.root))) return;
  throw new OriginSignError('log.rollback', `The high-water mark has another log at size ${mark.size}.`, {
    details: { size: mark.size, markSize: present.size, markOrigin: present.origin },
  });
}

async function readMark(path: string): Promise<Checkpoint | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OriginSignError('log.unavailable', 'The high-water mark of the log cannot be read.', { cause });
  }
  try {
    return parseCheckpoint(text);
  } catch (cause) {
    throw new OriginSignError('log.corrupt', 'The high-water mark of the log cannot be understood.', {
      hint: 'restore it, or remove it and give the size and root you expect',
      details: { file: path },
      cause,
    });
  }
}

async function writeMark(path: string, text: string): Promise<void> {
  // A command beside the server writes a file of its own.
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    throw new OriginSignError('log.unavailable', 'The high-water mark of the log cannot be written.', { cause });
  }
}

/** Without it the rename itself may be lost. Windows has no such call and keeps its directories in its own journal. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
