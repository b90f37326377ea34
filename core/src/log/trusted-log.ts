import { OriginSignError } from '../errors/error.ts';
import type { OpenedCheckpoint } from './checkpoint.ts';
import { formatVerifierKey, parseVerifierKey, type NoteKey } from './note-key.ts';

/** One key of a log as a trust file states it. */
export interface TrustedLogKey {
  readonly vkey: string;
  readonly validFrom: string;
  /** After this time the log no longer used the key. */
  readonly validUntil?: string | undefined;
  /** Smallest and largest size whose checkpoint the key may sign. */
  readonly fromSize: number;
  readonly toSize?: number | undefined;
}

/** A log as a trust file states it. */
export interface TrustedLog {
  readonly origin: string;
  readonly keys: readonly TrustedLogKey[];
}

/** All keys of the logs. Throws `note.malformed` for a vkey that is none or that is named after another log. */
export function noteKeys(logs: readonly TrustedLog[]): readonly NoteKey[] {
  return logs.flatMap(({ origin, keys }) =>
    keys.map(({ vkey }) => {
      const key = parseVerifierKey(vkey);
      if (key.name !== origin) {
        throw new OriginSignError('note.malformed', `The key of the log ${origin} is named ${key.name}.`);
      }
      return key;
    }),
  );
}

/**
 * Throws `verify.log_key` unless one signer of the checkpoint is trusted for its size, and was still in use when the entry was
 * made. A key that starts later may sign: entries of any age get fresh checkpoints.
 */
export function refuseUntrustedKeys(logs: readonly TrustedLog[], checkpoint: OpenedCheckpoint, entryTime: Date): void {
  const { size, origin } = checkpoint;
  const signers = new Set(checkpoint.signers.map(formatVerifierKey));
  const trusted = logs
    .filter((log) => log.origin === origin)
    .flatMap((log) => log.keys)
    .filter(({ vkey }) => signers.has(vkey))
    .some(
      ({ fromSize, toSize, validUntil }) =>
        size >= fromSize &&
        (toSize === undefined || size <= toSize) &&
        (validUntil === undefined || entryTime.getTime() <= Date.parse(validUntil)),
    );
  if (trusted) return;
  throw new OriginSignError(
    'verify.log_key',
    `No key of the log ${origin} is trusted for its size ${size} at that time.`,
    {
      details: { origin, size, entryTime: entryTime.toISOString() },
    },
  );
}
