import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OriginSignError } from '../errors/error.ts';

/**
 * Files that are written beside their final places and moved there together, so that a failure in one of many leaves all
 * places as they were. The names are random and not created over anything that exists.
 */
export class StagedFiles {
  readonly #staged = new Map<string, string>();

  /** Writes one file through its handle and returns its present path. Throws `input.file`, or what `write` throws. */
  async write(target: string, mode: number, write: (handle: FileHandle) => Promise<void>): Promise<string> {
    const path = await this.#place(target);
    const handle = await open(path, 'wx', 0o600).catch((cause: unknown) => {
      throw unwritable(target, cause);
    });
    try {
      await write(handle);
    } catch (cause) {
      throw cause instanceof OriginSignError ? cause : unwritable(target, cause);
    } finally {
      await handle.close();
    }
    await chmod(path, mode);
    return path;
  }

  /** Copies one file and returns its present path. Throws `input.file`. */
  async copy(source: string, target: string, mode: number): Promise<string> {
    const path = await this.#place(target);
    try {
      // A file system that can shares the blocks of both files.
      await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await chmod(path, mode);
    } catch (cause) {
      throw unwritable(target, cause);
    }
    return path;
  }

  /** Moves every file to its place. Throws `input.file`, which names the first that could not be moved. */
  async commit(): Promise<void> {
    for (const [target, path] of this.#staged) {
      await rename(path, target).catch((cause: unknown) => {
        throw unwritable(target, cause);
      });
      this.#staged.delete(target);
    }
  }

  /** Removes what was not moved. Never throws. */
  async discard(): Promise<void> {
    for (const path of this.#staged.values()) await rm(path, { force: true }).catch(() => undefined);
    this.#staged.clear();
  }

  async #place(target: string): Promise<string> {
    if (this.#staged.has(target)) {
      throw new OriginSignError('input.invalid', `Two results would be written to "${target}".`, {
        hint: 'exclude signatures of earlier runs, like !**/*.sig, or give an output directory',
      });
    }
    await mkdir(dirname(target), { recursive: true }).catch((cause: unknown) => {
      throw unwritable(target, cause);
    });
    const path = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
    this.#staged.set(target, path);
    return path;
  }
}

function unwritable(target: string, cause: unknown): OriginSignError {
  return new OriginSignError('input.file', `The file "${target}" cannot be written.`, { cause });
}
