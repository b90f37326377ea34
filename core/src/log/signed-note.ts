import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { concatBytes, equalBytes, utf8, utf8Text } from '../encoding/bytes.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { isKeyName, isNoteSignature, type NoteKey } from './note-key.ts';

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

/** A note taken apart. Nothing in it may be used before {@link openNote} has found a known signature. */
export interface UnverifiedNote {
  /** The signed text with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note that at least one known key signed. */
export interface OpenedNote {
  readonly text: string;
  /** The known keys that signed, each once, in the order of their lines. */
  readonly signers: readonly NoteKey[];
}

/** A key and the way to sign with it: an HSM, or a key object in tests. */
export interface NoteSigner {
  readonly key: NoteKey;
  /** Signs the text of a note: Ed25519 64 bytes, or DER ECDSA over its SHA-256. */
  readonly sign: (text: Uint8Array) => Promise<Uint8Array>;
}

const MAX_NOTE = 1 << 20;
/** The specification asks for at least 16. */
const MAX_SIGNATURES = 64;
const EM_DASH = '\u2014';

function malformed(what: string): OriginSignError {
  return new OriginSignError('note.malformed', `The signed note is malformed: ${what}.`);
}

/** True where the text can be signed as a note: ends in a newline, has no control character besides newlines. */
export function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

/** Signs a text with every signer, in order. Throws a `TypeError` for a text that no note can carry. c2sp.org/signed-note. */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  if (!isNoteText(text)) throw new TypeError('A note ends in a newline and has no control characters.');
  const lines: string[] = [];
  for (const { key, sign } of signers) {
    lines.push(`${EM_DASH} ${key.name} ${encodeBase64(concatBytes(key.id, await sign(utf8(text))))}\n`);
  }
  return `${text}\n${lines.join('')}`;
}

/** Takes a note apart without believing it. Throws `note.malformed`. c2sp.org/signed-note, "Format". */
export function parseNote(note: string | Uint8Array): UnverifiedNote {
  if (note.length > MAX_NOTE) throw malformed('it is too long');
  const whole = typeof note === 'string' ? note : decodeText(note);
  if (!isNoteText(whole)) throw malformed('it has control characters or does not end in a newline');
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0) throw malformed('it has no blank line before its signatures');
  const lines = whole
    .slice(blank + 2)
    .split('\n')
    .slice(0, -1);
  if (lines.length === 0) throw malformed('it has no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

function decodeText(note: Uint8Array): string {
  try {
    return utf8Text(note);
  } catch (cause) {
    throw new OriginSignError('note.malformed', 'The signed note is not UTF-8.', { cause });
  }
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== EM_DASH || name === undefined || encoded === undefined || rest.length > 0) {
    throw malformed('a signature line does not have three parts');
  }
  if (!isKeyName(name)) throw malformed('a signature line has a key name that is not allowed');
  const bytes = decodeSignature(encoded);
  if (bytes.length < 5) throw malformed('a signature is too short');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function decodeSignature(encoded: string): Uint8Array {
  try {
    return decodeBase64(encoded);
  } catch (error) {
    if (isOriginSignError(error)) throw malformed('a signature is not base64');
    throw error;
  }
}

/**
 * Opens a note with known keys. Signatures of unknown keys are ignored; one known key whose signature fails refuses the whole
 * note. Throws `note.malformed`, or `note.signature` where a known signature is bad or none is there.
 */
export function openNote(note: string | Uint8Array, keys: readonly NoteKey[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const message = utf8(text);
  const signers: NoteKey[] = [];
  for (const { name, id, signature } of signatures) {
    const key = findKey(keys, name, id);
    if (key === undefined) continue;
    if (!isNoteSignature(key, message, signature)) {
      throw new OriginSignError('note.signature', `A signature of the known key ${name} does not verify.`);
    }
    if (!signers.includes(key)) signers.push(key);
  }
  if (signers.length === 0) {
    const names = signatures.map(({ name }) => name).slice(0, 4);
    throw new OriginSignError('note.signature', 'No known key signed the note.', { details: { signedBy: names } });
  }
  return { text, signers };
}

function findKey(keys: readonly NoteKey[], name: string, id: Uint8Array): NoteKey | undefined {
  const found = keys.filter((key) => key.name === name && equalBytes(key.id, id));
  const [key] = found;
  // Ids are short enough to collide on purpose: which of two keys is meant must not depend on their order.
  if (key !== undefined && found.some((other) => !equalBytes(other.spki, key.spki))) {
    throw new OriginSignError('note.signature', `Two known keys share the name ${name} and an id.`);
  }
  return key;
}
