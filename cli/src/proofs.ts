import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSmallFile } from '@originsign/core/client/small-file';
import { OriginSignError } from '@originsign/core/errors/error';
import { pathOf } from './files.ts';
import type { Host } from './host.ts';

/** Contents of the files that may prove a signing. */
export interface Proofs {
  readonly receipts: readonly Uint8Array[];
  readonly provenances: readonly Uint8Array[];
}

/** Where the user says that they are. */
export interface ProofOptions {
  readonly receipt?: readonly string[];
  readonly provenance?: readonly string[];
}

const RECEIPT = /^originsign-[A-Za-z0-9_-]{12}\.tlog-proof$/;
const PROVENANCE = /^originsign-[A-Za-z0-9_-]{12}\.provenance\.sigstore\.json$/;
const SIGNATURE = /\.(?:p7s|sig|sigstore\.json)$/;

/** The proofs that the user names, else all that lie beside the file: which of them are of this file is found by content. */
export async function findProofs(path: string, options: ProofOptions, host: Host): Promise<Proofs> {
  const names = await namesBeside(path);
  const beside = (pattern: RegExp) =>
    names.filter((name) => pattern.test(name)).map((name) => join(dirname(path), name));
  const named = (texts: readonly string[] | undefined) => texts?.map((text) => pathOf(host, text));
  const read = (paths: readonly string[]) => Promise.all(paths.map(readSmallFile));
  return {
    receipts: await read(named(options.receipt) ?? beside(RECEIPT)),
    provenances: await read(named(options.provenance) ?? beside(PROVENANCE)),
  };
}

/** Leaves out signatures that lie beside a file of the list: patterns such as `signed/*` meet both. */
export function withoutSignatureFiles(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  return paths.filter((path) => !SIGNATURE.test(path) || !all.has(path.replace(SIGNATURE, '')));
}

async function namesBeside(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(dirname(path))).sort();
  } catch (cause) {
    throw new OriginSignError('input.file', `The folder "${dirname(path)}" cannot be read.`, { cause });
  }
}
