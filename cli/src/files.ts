import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { OriginSignError } from '@originsign/core/errors/error';
import { parseTrustFile, type TrustFile } from '@originsign/core/protocol/trust-file';
import type { Host } from './host.ts';

/** Largest small file (proofs, signatures, policies) that is read at once, bytes. */
const LARGEST = 16 * 1024 * 1024;

/** Path on this machine of what the user typed. */
export function pathOf(host: Host, text: string): string {
  return resolve(host.directory, text);
}

/** Path as people read it: relative where it lies below the working directory. */
export function shownPath(host: Host, path: string): string {
  const short = relative(host.directory, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** A whole small file, or `undefined` where there is none. Throws `input.file`. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw new OriginSignError('input.file', `The file "${path}" is larger than 16 MiB.`);
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof OriginSignError) throw cause;
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined;
    throw new OriginSignError('input.file', `The file "${path}" cannot be read.`, { cause });
  }
}

/** A whole small file. Throws `input.file`. */
export async function readSmallFile(path: string): Promise<Uint8Array> {
  const bytes = await readIfThere(path);
  if (bytes !== undefined) return bytes;
  throw new OriginSignError('input.file', `There is no file "${path}".`);
}

/** The trust file at a path. Throws `input.file`, `json.*` and `trust.malformed`. */
export async function readTrustFile(path: string): Promise<TrustFile> {
  return parseTrustFile(await readSmallFile(path));
}

/**
 * Writes a trust file for people to read and commit. Written beside and renamed, so that nobody ever sees half a file.
 * Throws `input.file`, also where there is a file already and it may not be replaced.
 */
export async function writeTrustFile(path: string, trust: TrustFile, replace: boolean): Promise<void> {
  if (!replace && (await readIfThere(path)) !== undefined) {
    throw new OriginSignError('input.file', `There is a file "${path}" already.`, {
      hint: 'originsign trust update takes a newer one; delete the file to start again',
    });
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(`${JSON.stringify(trust, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new OriginSignError('input.file', `The file "${path}" cannot be written.`, { cause });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
