import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { OriginSignError, isOriginSignError } from '../errors/error.ts';
import { HASH_LENGTH } from './merkle-hash.ts';
import { isKeyName, type NoteKey } from './note-key.ts';
import { openNote } from './signed-note.ts';

/** What a log states about itself at one size. */
export interface Checkpoint {
  /** Name of the log, such as `sign.acme.example/log`. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** Root hash, 32 bytes. */
  readonly root: Uint8Array;
}

/** A checkpoint that a known key of its own log signed. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly signers: readonly NoteKey[];
}

function malformed(what: string): OriginSignError {
  return new OriginSignError('note.malformed', `The checkpoint is malformed: ${what}.`);
}

/** The text that is signed: origin, size and root, a line each. c2sp.org/tlog-checkpoint. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isKeyName(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== HASH_LENGTH) {
    throw new TypeError('Not a checkpoint.');
  }
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Parses the text of a checkpoint. Stricter than the specification: extension lines are refused, because no tree commits to
 * them, and the origin must be fit for a key name. Throws `note.malformed`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', sizeText = '', rootText = '', end, ...rest] = text.split('\n');
  if (end !== '' || rest.length > 0) throw malformed('it does not have three lines');
  if (!isKeyName(origin)) throw malformed('its origin is not allowed');
  const size = parseCount(sizeText);
  if (size === undefined) throw malformed('its size is not a plain decimal number');
  return { origin, size, root: parseHash(rootText) };
}

/** A decimal count without sign or leading zeros, or `undefined`. */
export function parseCount(text: string): number | undefined {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseHash(text: string): Uint8Array {
  try {
    const hash = decodeBase64(text);
    if (hash.length === HASH_LENGTH) return hash;
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
  }
  throw malformed('its root is not a SHA-256 hash in base64');
}

/**
 * Opens a signed checkpoint with known log keys. Only keys named after the origin count, so that the key of one log cannot
 * speak for another. Throws `note.malformed` and `note.signature`.
 */
export function openCheckpoint(note: string | Uint8Array, keys: readonly NoteKey[]): OpenedCheckpoint {
  const { text, signers } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  const own = signers.filter((key) => key.name === checkpoint.origin);
  if (own.length === 0) {
    throw new OriginSignError('note.signature', `No known key of the log ${checkpoint.origin} signed the checkpoint.`);
  }
  return { ...checkpoint, signers: own };
}
