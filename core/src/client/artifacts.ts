import { equalCoveredDigests } from '../attestation/covered-digest.ts';
import { MAX_ARTIFACTS } from '../attestation/statement.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import { OriginSignError } from '../errors/error.ts';
import type { Digested, Format } from '../formats/format.ts';
import type { EventSink } from './events.ts';
import { withFileSource } from './file-source.ts';
import { chooseFormat, type FormatChoice, type FormatOptions } from './format-choice.ts';
import type { MatchedFile } from './globs.ts';
import { mapInParallel } from './parallel.ts';
import { watchedSource } from './watched-source.ts';

/** One thing to be signed: a covered digest, and every file that has it. */
export interface Artifact {
  readonly name: string;
  readonly format: Format;
  readonly options: JsonObject;
  readonly digested: Digested;
  /** The first gives the name. Copies share one signature: a request may not name a digest twice. */
  readonly files: readonly MatchedFile[];
}

/** Two at a time: while one waits for its disk, the other is hashed. */
const PARALLEL = 2;

/** Reads each file once. Throws `input.file`, `format.*`, `statement.options`, and `request.too_large` for more files than a request holds. */
export async function hashArtifacts(
  files: readonly MatchedFile[],
  choice: FormatChoice,
  options: FormatOptions,
  events: EventSink = () => undefined,
): Promise<readonly Artifact[]> {
  const hashed = await mapInParallel(files, PARALLEL, (file) => hashFile(file, choice, options, events));
  const artifacts = mergeCopies(hashed);
  if (artifacts.length <= MAX_ARTIFACTS) return artifacts;
  throw new OriginSignError(
    'request.too_large',
    `The patterns match ${artifacts.length} different files; one request signs up to ${MAX_ARTIFACTS}.`,
  );
}

function hashFile(
  file: MatchedFile,
  choice: FormatChoice,
  options: FormatOptions,
  events: EventSink,
): Promise<Artifact> {
  return withFileSource(file.path, async (unwatched) => {
    const { size } = unwatched;
    const source = watchedSource(unwatched, (done) => events({ kind: 'hashing', name: file.name, done, size }));
    const format = await chooseFormat(choice, source, file.name);
    const chosen = options[format.id] ?? {};
    const digested = await format.digest(source, chosen);
    return { name: file.name, format, options: chosen, digested, files: [file] };
  });
}

function mergeCopies(artifacts: readonly Artifact[]): readonly Artifact[] {
  const merged = new Map<string, Artifact>();
  for (const artifact of artifacts) {
    const { algorithm, value } = artifact.digested.coveredDigest;
    const known = merged.get(`${algorithm} ${value}`);
    merged.set(`${algorithm} ${value}`, known === undefined ? artifact : withCopy(known, artifact));
  }
  return [...merged.values()];
}

function withCopy(first: Artifact, copy: Artifact): Artifact {
  return { ...first, files: [...first.files, ...copy.files] };
}

/** True where the server speaks of this artifact. */
export function isSameArtifact(
  artifact: Artifact,
  other: { readonly name: string; readonly format: string; readonly coveredDigest: Digested['coveredDigest'] },
): boolean {
  return (
    artifact.name === other.name &&
    artifact.format.id === other.format &&
    equalCoveredDigests(artifact.digested.coveredDigest, other.coveredDigest)
  );
}
