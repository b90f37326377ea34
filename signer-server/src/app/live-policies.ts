import { sha256Hex } from '@originsign/core/encoding/sha256';
import { utf8 } from '@originsign/core/encoding/bytes';
import { canonicalJson } from '@originsign/core/encoding/canonical-json';
import { isOriginSignError } from '@originsign/core/errors/error';
import { formatProblem } from '@originsign/core/policy/load-problem';
import { type ReloadedFile, type ReloadedPolicies, reloadPolicies } from '@originsign/core/policy/reload';
import type { Db } from '../store/database.ts';
import type { ActivePolicies } from './context.ts';
import {
  activePolicies,
  type AuthorityCertificates,
  checkLoaded,
  checkOptions,
  type LoadOptions,
  readAuthorities,
  readPolicyDirectory,
} from './load-policies.ts';
import { logPolicies, policyChanges } from './policy-log.ts';
import type { Journal } from './ports.ts';
import { certificateFiles, currentAuthorities, reloadObjection } from './reload-objections.ts';

/** What live policies work with. */
export interface LivePoliciesParts extends LoadOptions {
  readonly db: Db;
  readonly journal: Journal;
}

/** Policy files by what became of them. */
export interface PolicyFileCounts {
  readonly in_force: number;
  /** Those whose last good version is in force, because the file as it is now is bad. */
  readonly last_good: number;
  readonly refused: number;
}

/** The directory as it was found. */
interface Found {
  readonly texts: ReadonlyMap<string, string>;
  readonly certificates: ReadonlyMap<string, AuthorityCertificates>;
  /** Equal where nothing changed. */
  readonly mark: string;
}

/** The policies in force, taken over from their directory whenever it changes. */
export class LivePolicies {
  readonly #directory: string;
  readonly #parts: LivePoliciesParts;
  #active: ActivePolicies = activePolicies(checkLoaded(new Map(), { trial: false, keys: new Map() }), []);
  #texts: ReadonlyMap<string, string> = new Map();
  #files: ReadonlyMap<string, ReloadedFile> = new Map();
  #connected: ActivePolicies['connectedSystems'] | undefined;
  /** Of the directory that was taken over, and of one that was seen once and may still be written to. */
  #taken = '';
  #seen = '';
  #failure = '';
  #closed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(directory: string, parts: LivePoliciesParts) {
    this.#directory = directory;
    this.#parts = parts;
  }

  /** What counts now. A new object whenever anything about it may have changed. */
  get active(): ActivePolicies {
    return this.#active;
  }

  get counts(): PolicyFileCounts {
    const files = [...this.#files.values()];
    const inForce = files.filter(({ ok }) => ok).length;
    const lastGood = files.filter(({ kept }) => kept !== undefined).length;
    return { in_force: inForce, last_good: lastGood, refused: files.length - inForce - lastGood };
  }

  /** Loads for the first time. Throws `config.invalid` where directory or authorities cannot be read, and `store.*`. */
  async open(): Promise<void> {
    const found = await this.#find();
    for (const { certificates } of found.certificates.values()) if (isOriginSignError(certificates)) throw certificates;
    await this.#takeOver(found);
    this.#connected = this.#active.connectedSystems;
  }

  /**
   * Takes over a directory that changed and was found the same twice: files are written one after the other, and half of a
   * file may lack its deny rules. Never throws; what is wrong stands in the journal, and what was in force stays so.
   */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      const found = await this.#find();
      if (found.mark !== this.#taken && found.mark === this.#seen) await this.#takeOver(found);
      this.#seen = found.mark;
    });
  }

  /** Takes over the directory as it is: whoever asks says that it is written. Never throws. */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#takeOver(await this.#find());
      this.#parts.journal.info({ ...this.counts }, 'policies are read again');
    });
  }

  /** Waits for what is being read, and reads no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#work
      .then(() => (this.#closed ? undefined : work()))
      .then(
        () => void (this.#failure = ''),
        (error: unknown) => {
          const { journal } = this.#parts;
          const message = error instanceof Error ? error.message : 'Something failed.';
          // Every few seconds the same would bury everything else.
          if (message !== this.#failure)
            journal.error({ err: error }, 'policies stay as they were: reading them failed');
          this.#failure = message;
        },
      );
    this.#work = next;
    return next;
  }

  async #find(): Promise<Found> {
    const texts = await readPolicyDirectory(this.#directory);
    const { authorities } = checkLoaded(systemsOf(texts), this.#parts);
    const certificates = await readAuthorities(this.#directory, authorities);
    const hashes = [...certificates].map(([path, { hash = '' }]) => [path, hash] as const);
    const contents = { texts: Object.fromEntries(texts), certificates: Object.fromEntries(hashes) };
    return { texts, certificates, mark: sha256Hex(utf8(canonicalJson(contents))) };
  }

  async #takeOver({ texts, certificates, mark }: Found): Promise<void> {
    const before = this.#active;
    const objection = reloadObjection(before, certificates, this.#connected);
    const reloaded = reloadPolicies(this.#texts, texts, { ...checkOptions(this.#parts), objection });
    const authorities = currentAuthorities(reloaded.active.authorities, certificates, before.authorities);
    const files = new Map(
      [...reloaded.files, ...certificateFiles(certificates, this.#files)].map((file) => [file.path, file]),
    );
    const changes = policyChanges(this.#files, files);
    try {
      await logPolicies(this.#parts.db, changes, () => {
        this.#active = activePolicies(reloaded.active, authorities);
      });
    } catch (error) {
      // Another object than before: nobody may take what was decided meanwhile for a decision by these.
      this.#active = { ...before };
      throw error;
    }
    this.#texts = reloaded.texts;
    this.#files = files;
    this.#taken = mark;
    this.#tell(reloaded, certificates, changes.length);
  }

  #tell(
    { files, problems }: ReloadedPolicies,
    certificates: ReadonlyMap<string, AuthorityCertificates>,
    changes: number,
  ): void {
    const { journal } = this.#parts;
    const kept = new Set(files.filter((file) => file.kept !== undefined).map(({ path }) => path));
    for (const problem of problems) {
      const what = kept.has(problem.file) ? 'policy file keeps its last good version' : 'policy file is not in force';
      journal.error({ problem: formatProblem(problem) }, what);
    }
    for (const { certificates: found } of certificates.values()) {
      if (isOriginSignError(found))
        journal.error({ err: found }, 'authorities of client certificates stay as they were');
    }
    if (this.#connected !== undefined) journal.info({ changes, ...this.counts }, 'policies changed');
  }
}

function systemsOf(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...texts].filter(([path]) => path.startsWith('trusted-build-systems/')));
}
