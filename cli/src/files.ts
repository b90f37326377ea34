import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { readIfThere } from '@originsign/core/client/small-file';
import { OriginSignError } from '@originsign/core/errors/error';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import type { Host } from './host.ts';

/** Path on this machine of what the user typed. */
export function pathOf(host: Host, text: string): string {
  return resolve(host.directory, text);
}

/** Path as people read it: relative where it lies below the working directory. */
export function shownPath(host: Host, path: string): string {
  const short = relative(host.directory, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
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
