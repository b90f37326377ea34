import { open, type FileHandle } from 'node:fs/promises';
import { OriginSignError } from '../errors/error.ts';
import type { Source } from '../formats/format.ts';

/** A file of this machine as formats read it. */
export interface FileSource extends Source {
  /** Permission bits of the file. */
  readonly mode: number;
  close(): Promise<void>;
}

/** Opens a regular file. Throws `input.file`. */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw fileError(path, 'cannot be opened', cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw fileError(path, 'is no regular file');
    return {
      size: stats.size,
      mode: stats.mode & 0o7777,
      read: (offset, length) => readExactly(handle, path, offset, length),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** One read may return less than was asked for, on network file systems also in the middle of a file. */
async function readExactly(handle: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done).catch((cause: unknown) => {
      throw fileError(path, 'cannot be read', cause);
    });
    if (bytesRead === 0) throw fileError(path, 'ends before the bytes that were asked for');
    done += bytesRead;
  }
  return bytes;
}

/** Opens, uses and closes a file, whatever happens. */
export async function withFileSource<T>(path: string, use: (source: FileSource) => Promise<T>): Promise<T> {
  const source = await openFileSource(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

function fileError(path: string, what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('input.file', `The file "${path}" ${what}.`, { cause });
}
