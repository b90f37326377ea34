import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { equalCoveredDigests } from '../attestation/covered-digest.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';
import type { BesideReader, Embedded, Source, VerifiedSignature } from '../formats/format.ts';
import { readChunks } from '../formats/source-chunks.ts';
import { verifiesUnder } from '../formats/verifies-under.ts';
import type { SigningRequestView } from '../protocol/signing-request.ts';
import type { Artifact } from './artifacts.ts';
import { unexpected } from './check-view.ts';
import { withFileSource, type FileSource } from './file-source.ts';
import { isWithin, type MatchedFile } from './globs.ts';
import { checkProofs, proofNames, type LogPlace } from './proof-files.ts';
import type { SignedFile } from './signed-file.ts';
import { StagedFiles } from './staged-files.ts';

/** Where results go. Absolute paths. */
export interface OutputPlaces {
  /** The deepest folder that all inputs share. */
  readonly base: string;
  /** In place where left out. */
  readonly outputDirectory?: string;
}

/** What was written. */
export interface Finished {
  readonly files: readonly SignedFile[];
  readonly receiptPath: string;
  readonly provenancePath: string;
  readonly log: LogPlace;
}

type ArtifactView = SigningRequestView['artifacts'][number];

/** One file on its way from input to target. */
interface Work {
  readonly artifact: Artifact;
  readonly answer: ArtifactView;
  readonly file: MatchedFile;
  readonly target: string;
}

/**
 * Puts the signatures into or beside the files, checks every finished file as a verifier would, and only then moves all of them,
 * with receipt and provenance, to their places. Throws `verify.*` where a signature does not fit, `server.unexpected` where
 * it is under another key than the server says, `input.file`; nothing is changed then.
 */
export async function finish(
  view: SigningRequestView,
  artifacts: readonly Artifact[],
  places: OutputPlaces,
): Promise<Finished> {
  const staged = new StagedFiles();
  try {
    const files: SignedFile[] = [];
    const signatures: Uint8Array[] = [];
    for (const [index, artifact] of artifacts.entries()) {
      const answer = view.artifacts[index];
      if (answer === undefined) throw unexpected(`artifact ${index} is missing`);
      for (const [copy, file] of artifact.files.entries()) {
        const { signed, signature } = await stageSigned(staged, {
          artifact,
          answer,
          file,
          target: targetOf(file, places),
        });
        files.push(signed);
        if (copy === 0) signatures.push(signature);
      }
    }
    refuseOverwriting(files);
    const proofs = await stageProofs(staged, view, signatures, places.outputDirectory ?? places.base);
    await staged.commit();
    return { files, ...proofs };
  } finally {
    await staged.discard();
  }
}

function targetOf(file: MatchedFile, { outputDirectory }: OutputPlaces): string {
  if (outputDirectory === undefined) return file.path;
  const target = join(outputDirectory, file.name);
  if (!isWithin(outputDirectory, target)) throw new TypeError('An output lies outside its folder.');
  return target;
}

async function stageSigned(
  staged: StagedFiles,
  work: Work,
): Promise<{ readonly signed: SignedFile; readonly signature: Uint8Array }> {
  const { artifact, answer, file, target } = work;
  const { format, options, digested } = artifact;
  return withFileSource(file.path, async (source) => {
    const embedded = await format.embed(source, decodeBase64(answer.block ?? ''), options);
    const path = await stageFile(staged, embedded, source, work);
    const beside = besideOf(embedded);
    const verified = await withFileSource(path, (finished) => format.verify(finished, beside));
    checkSignature(verified, work);
    const signed: SignedFile = {
      name: file.name,
      input: file.path,
      output: target,
      ...(embedded.kind === 'beside' ? { signaturePath: target + embedded.extension } : {}),
      format: format.id,
      coveredDigest: digested.coveredDigest,
      key: { label: answer.key.label, type: answer.key.type },
      ...(answer.timestamp === undefined ? {} : { timestamp: answer.timestamp }),
    };
    return { signed, signature: verified.signature };
  });
}

/** Stages what has to be written and returns the path under which the signed file can be read now. */
async function stageFile(
  staged: StagedFiles,
  embedded: Embedded,
  source: FileSource,
  { file, target }: Work,
): Promise<string> {
  if (embedded.kind === 'embedded') {
    return staged.write(target, source.mode, (handle) => writeSegments(handle, source, embedded));
  }
  const { bytes, extension } = embedded;
  await staged.write(target + extension, 0o644, (handle) => handle.writeFile(bytes));
  return target === file.path ? target : staged.copy(file.path, target, source.mode);
}

async function writeSegments(
  handle: FileHandle,
  source: Source,
  embedded: Embedded & { readonly kind: 'embedded' },
): Promise<void> {
  for (const segment of embedded.segments) {
    if ('bytes' in segment) {
      await handle.appendFile(segment.bytes);
      continue;
    }
    const { offset, length } = segment.copy;
    for await (const { bytes } of readChunks(source, offset, offset + length)) await handle.appendFile(bytes);
  }
}

/** Only the signature that was just made counts, not one that an earlier run left beside the file. */
function besideOf(embedded: Embedded): BesideReader {
  return (extension) =>
    Promise.resolve(embedded.kind === 'beside' && embedded.extension === extension ? embedded.bytes : undefined);
}

function checkSignature(
  verified: VerifiedSignature | undefined,
  { artifact, answer, file: { name } }: Work,
): asserts verified is VerifiedSignature {
  if (verified === undefined) throw unexpected(`its answer does not sign "${name}"`);
  if (!equalCoveredDigests(verified.coveredDigest, artifact.digested.coveredDigest)) {
    throw new OriginSignError('verify.digest', `The file "${name}" changed while it was being signed.`, {
      hint: 'let nothing write to the files while they are signed',
    });
  }
  if (verified.format !== artifact.format.id) throw unexpected(`"${name}" came back in another format`);
  if (!verifiesUnder(verified, decodeBase64(answer.key.spki))) {
    throw unexpected(`"${name}" is not signed by the key ${answer.key.label}`);
  }
}

/** A detached signature must not land on a file that is an input itself, or on another result. */
function refuseOverwriting(files: readonly SignedFile[]): void {
  const taken = new Set(files.flatMap(({ input, output }) => [input, output]));
  const clash = files.find(({ signaturePath }) => signaturePath !== undefined && taken.has(signaturePath));
  if (clash === undefined) return;
  throw new OriginSignError('input.invalid', `The signature of "${clash.name}" would replace another input.`, {
    hint: 'exclude signatures of earlier runs, like !**/*.sig, or give an output directory',
  });
}

async function stageProofs(
  staged: StagedFiles,
  view: SigningRequestView,
  signatures: readonly Uint8Array[],
  folder: string,
): Promise<Omit<Finished, 'files'>> {
  const { receipt, provenance, log } = checkProofs(view, signatures);
  const names = proofNames(view.id);
  const receiptPath = join(folder, names.receipt);
  const provenancePath = join(folder, names.provenance);
  await staged.write(receiptPath, 0o644, (handle) => handle.writeFile(utf8(receipt)));
  await staged.write(provenancePath, 0o644, (handle) => handle.writeFile(utf8(provenance)));
  return { receiptPath, provenancePath, log };
}
