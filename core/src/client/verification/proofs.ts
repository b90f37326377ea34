import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OriginSignError } from '../../errors/error.ts';
import { isWithin } from '../globs.ts';
import { readSmallFile } from '../small-file.ts';

/** Contents of the files that may prove a signing. */
export interface Proofs {
  readonly receipts: readonly Uint8Array[];
  readonly provenances: readonly Uint8Array[];
}

/** Paths of proofs where somebody says which; relative ones count from the working directory. */
export interface NamedProofs {
  readonly workingDirectory: string;
  readonly receipts?: readonly string[];
  readonly provenances?: readonly string[];
}

const RECEIPT = /^originsign-[A-Za-z0-9_-]{12}\.tlog-proof$/;
const PROVENANCE = /^originsign-[A-Za-z0-9_-]{12}\.provenance\.sigstore\.json$/;
const SIGNATURE = /\.(?:p7s|sig|sigstore\.json|minisig)$/;

/** The file that a detached signature would be of, by its name; `undefined` where it is no name of one. */
export function signedFileOf(path: string): string | undefined {
  return SIGNATURE.test(path) ? path.replace(SIGNATURE, '') : undefined;
}

/** Finds proofs and signatures beside files, reading each folder and each proof once. */
export class ProofFinder {
  readonly #named: NamedProofs;
  readonly #folders = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #contents = new Map<string, Promise<Uint8Array>>();

  constructor(named: NamedProofs) {
    this.#named = named;
  }

  /**
   * The proofs that were named, else all that lie beside the file or in a folder above it up to `base`, where signing puts
   * those of a whole tree: which of them are of this file is found by content. Throws `input.file`.
   */
  async proofsOf(path: string, base: string): Promise<Proofs> {
    const { workingDirectory, receipts, provenances } = this.#named;
    const named = (paths: readonly string[] | undefined) => paths?.map((text) => resolve(workingDirectory, text));
    return {
      receipts: await this.#read(named(receipts) ?? (await this.#near(path, base, RECEIPT))),
      provenances: await this.#read(named(provenances) ?? (await this.#near(path, base, PROVENANCE))),
    };
  }

  /** True where a file with the name of a detached signature lies beside the file. */
  async hasSignatureBeside(path: string): Promise<boolean> {
    const names = await this.#namesIn(dirname(path));
    return ['.p7s', '.sig', '.sigstore.json', '.minisig'].some((extension) => names.has(basename(path) + extension));
  }

  /** True where the name is that of a proof, or of a signature of a file that lies beside it. */
  async isCompanion(path: string): Promise<boolean> {
    const name = basename(path);
    if (RECEIPT.test(name) || PROVENANCE.test(name)) return true;
    const signed = signedFileOf(path);
    return signed !== undefined && (await this.#namesIn(dirname(path))).has(basename(signed));
  }

  #read(paths: readonly string[]): Promise<Uint8Array[]> {
    return Promise.all(
      paths.map((path) => {
        const content = this.#contents.get(path) ?? readSmallFile(path);
        this.#contents.set(path, content);
        return content;
      }),
    );
  }

  async #near(path: string, base: string, pattern: RegExp): Promise<readonly string[]> {
    const found: string[] = [];
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const names = [...(await this.#namesIn(folder))].filter((name) => pattern.test(name)).sort();
      found.push(...names.map((name) => join(folder, name)));
      if (folder === base || !isWithin(base, folder)) return found;
    }
  }

  #namesIn(folder: string): Promise<ReadonlySet<string>> {
    const names = this.#folders.get(folder) ?? namesIn(folder);
    this.#folders.set(folder, names);
    return names;
  }
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (cause) {
    throw new OriginSignError('input.file', `The folder "${folder}" cannot be read.`, { cause });
  }
}
