import type { Format, Source } from '../../formats/format.ts';
import { recogniseFormat } from '../../formats/registry.ts';
import type { TrustFile } from '../../protocol/trust-file.ts';
import type { Expectations } from '../../verify/expectations.ts';
import type { VerificationReport } from '../../verify/report.ts';
import { verifyFile } from '../../verify/verifier.ts';
import type { Clock } from '../clock.ts';
import { withFileSource } from '../file-source.ts';
import { mapInParallel } from '../parallel.ts';
import { readIfThere } from '../small-file.ts';
import { findCandidates, type Candidate, type WalkedLink } from './candidates.ts';
import { filesReport, type FilesReport, type FileVerification, type SkippedFile } from './files-report.ts';
import { ProofFinder, signedFileOf } from './proofs.ts';

/** What to verify and against what; the same words as the inputs of every wrapper. */
export interface VerifyFilesOptions {
  /** Glob patterns in order; `!` takes away what earlier ones matched. Relative to `workingDirectory`. */
  readonly files: readonly string[];
  /** Absolute path. */
  readonly workingDirectory: string;
  readonly trust: TrustFile;
  readonly expected: Expectations;
  /** Id of the format whose signature counts; found by content where left out. */
  readonly format?: string;
  /** Paths of receipts and provenance; those that lie beside a file, or above it, where left out. */
  readonly receipts?: readonly string[];
  readonly provenances?: readonly string[];
  /** True: a pattern may name a folder, which stands for all that lies in it. */
  readonly recursive?: boolean;
  /** True: in a folder too every file that could carry a signature must have one, and no link may lead out. */
  readonly requireSigned?: boolean;
  /** True where a trial store is good enough. */
  readonly trial?: boolean;
}

/** The world as verification sees it, besides files. */
export interface VerifyFilesPorts {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes plain sentences; must not throw. */
  readonly warn: (message: string) => void;
}

/** Two at a time: while one waits for its disk, the other is hashed. */
const PARALLEL = 2;

/**
 * Verifies files offline. Files that patterns match must verify. Of a folder everything that is signed must; the rest is
 * listed as skipped, unless `requireSigned` refuses what a format recognises and nobody signed. Throws `input.*` and
 * `format.unknown`: about a person, a path or a disk, never about a signature.
 */
export async function verifyFiles(options: VerifyFilesOptions, ports: VerifyFilesPorts): Promise<FilesReport> {
  const { workingDirectory, receipts, provenances } = options;
  const found = await findCandidates(options.files, workingDirectory, options.recursive === true);
  for (const pattern of found.unmatched) ports.warn(`The pattern "${pattern}" matches no file.`);
  const proofs = new ProofFinder({
    workingDirectory,
    ...(receipts === undefined ? {} : { receipts }),
    ...(provenances === undefined ? {} : { provenances }),
  });
  const paths = new Set(found.files.map(({ path }) => path));
  const context = { options, proofs, paths, now: ports.clock.now() };
  const outcomes = [
    ...(await mapInParallel(found.files, PARALLEL, (candidate) => look(candidate, context))),
    ...found.links.map((link) => judge(link, options.requireSigned === true)),
  ].filter((outcome) => outcome !== undefined);
  return filesReport(
    outcomes.filter((outcome) => 'report' in outcome),
    outcomes.filter((outcome) => 'reason' in outcome),
  );
}

interface Context {
  readonly options: VerifyFilesOptions;
  readonly proofs: ProofFinder;
  /** Of all candidates. */
  readonly paths: ReadonlySet<string>;
  readonly now: Date;
}

type Outcome = FileVerification | SkippedFile;

function look(candidate: Candidate, context: Context): Promise<Outcome | undefined> {
  const { path, isWalked } = candidate;
  const { proofs, options } = context;
  return withFileSource(path, async (source) => {
    const shown = await recogniseFormat(source);
    // A program under the name of a signature is still a program.
    if (shown === undefined && (await isCompanion(candidate, context))) return undefined;
    if (isWalked && shown === undefined && !(await proofs.hasSignatureBeside(path))) {
      return { path, reason: 'no signature, and of no format that holds one' };
    }
    const report = await verifyOne(candidate, source, context);
    const mustBeSigned = !isWalked || (options.requireSigned === true && shown !== undefined);
    return mustBeSigned || !isUnsigned(report) ? { path, report } : { path, reason: unsigned(shown) };
  });
}

/** A signature that was named alone stays: nothing would be said about the file that it is of. */
async function isCompanion({ path, isWalked }: Candidate, { proofs, paths }: Context): Promise<boolean> {
  return isWalked ? proofs.isCompanion(path) : paths.has(signedFileOf(path) ?? '');
}

async function verifyOne({ path, base }: Candidate, source: Source, context: Context): Promise<VerificationReport> {
  const { options, proofs, now } = context;
  const { format, trust, expected, trial = false } = options;
  const beside = (extension: string) => readIfThere(path + extension);
  return verifyFile({
    file: { source, beside, ...(format === undefined ? {} : { format }) },
    ...(await proofs.proofsOf(path, base)),
    trust,
    expected,
    now,
    trial,
  });
}

/** A signature that is broken is not a signature that is missing. */
function isUnsigned({ checks }: VerificationReport): boolean {
  return checks.some(({ name, code }) => name === 'signature' && code === 'verify.unsigned');
}

function unsigned(format: Format | undefined): string {
  return format === undefined ? 'no signature of the format that counts' : `unsigned, could be signed as ${format.id}`;
}

function judge({ path, staysInside }: WalkedLink, requireSigned: boolean): Outcome {
  if (staysInside) return { path, reason: 'a symbolic link to what is looked at itself' };
  const detail = 'A symbolic link leads out of the folder, to what nobody looked at.';
  if (!requireSigned) return { path, reason: 'a symbolic link that leads out of the folder' };
  const hint = 'replace it by the file, or exclude it with a pattern that begins with !';
  return {
    path,
    report: { verified: false, checks: [{ name: 'signature', ok: false, code: 'verify.unsigned', detail, hint }] },
  };
}
