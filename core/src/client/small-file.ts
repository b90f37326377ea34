import { readFile, stat } from 'node:fs/promises';
import { OriginSignError } from '../errors/error.ts';
import { parseTrustFile, type TrustFile } from '../protocol/trust-file.ts';

/** Largest small file (proofs, signatures, policies) that is read at once, bytes. */
const LARGEST = 16 * 1024 * 1024;

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

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
