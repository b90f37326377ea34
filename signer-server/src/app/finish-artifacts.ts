import { OriginSignError } from '@originsign/core/errors/error';
import { checkedSignature } from './checked-signature.ts';
import type { Journal, SigningHsm, Timestamper } from './ports.ts';
import type { PreparedArtifact } from './prepare.ts';
import type { FinishedArtifact } from './records.ts';
import { signingKeyOf } from './signing-key.ts';

/** What signing one request needs. */
export interface FinishPorts {
  readonly hsm: SigningHsm;
  /** Absent where the server has no timestamp authority. */
  readonly timestamper: Timestamper | undefined;
  readonly journal: Journal;
}

/** What became of the artifacts: all of them, or the first failure (`hsm.*`, `timestamp.*`) beside those that were finished. */
export type Finishing =
  | { readonly finished: readonly FinishedArtifact[] }
  | { readonly failure: unknown; readonly finished: readonly FinishedArtifact[] };

/** Signs, checks, timestamps and assembles every artifact. Does not reject for what one of them meets. */
export async function finishArtifacts(
  prepared: readonly PreparedArtifact[],
  terms: { readonly timestamp: 'required' | 'best-effort'; readonly signingTime: Date },
  ports: FinishPorts,
): Promise<Finishing> {
  // All at once: the HSM room bounds what is really under way, and a failed one must not leave others running unseen.
  const results = await Promise.allSettled(
    prepared.map(async (artifact) => {
      const signature = await checkedSignature(ports.hsm, artifact.key, artifact.toBeSigned);
      const timestamp = await timestampFor(artifact, signature, terms.timestamp, ports);
      const key = signingKeyOf(artifact.key, terms.signingTime);
      const structure = await finishedStructure(artifact, signature, ports);
      const block = artifact.format.assemble(structure, key, signature, timestamp?.token);
      return { ...artifact, signature, timestamp, block };
    }),
  );
  const finished = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  return failed === undefined ? { finished } : { failure: failed.reason as unknown, finished };
}

/** The structure as `assemble` takes it: in some formats the key signs its first signature too. */
async function finishedStructure(
  { format, structure, key }: PreparedArtifact,
  signature: Uint8Array,
  { hsm }: FinishPorts,
): Promise<Uint8Array> {
  if (format.second === undefined) return structure;
  return format.second.join(
    structure,
    await checkedSignature(hsm, key, format.second.toBeSigned(structure, signature)),
  );
}

async function timestampFor(
  artifact: PreparedArtifact,
  signature: Uint8Array,
  wish: 'required' | 'best-effort',
  { timestamper, journal }: FinishPorts,
): Promise<FinishedArtifact['timestamp']> {
  if (!artifact.format.carriesTimestamp(artifact.options)) return undefined;
  if (timestamper === undefined && wish === 'best-effort') return undefined;
  try {
    if (timestamper === undefined)
      throw new OriginSignError('timestamp.unavailable', 'The server has no timestamp authority.');
    return await timestamper.timestamp(signature);
  } catch (error) {
    if (wish === 'required') throw error;
    journal.warn({ err: error, artifact: artifact.name }, 'signed without a timestamp');
    return undefined;
  }
}
