import * as z from 'zod/mini';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { isJsonObject, parseStrictJson } from '../encoding/strict-json.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { ENTRY_BODIES, type LogEntryBody, type LogEntryBodyOf, type LogEntryType } from './entry-bodies.ts';
import { salt, time } from './entry-fields.ts';

/** Most bytes that an entry may have; anything larger goes in by its hash. */
export const MAX_ENTRY = 8192;

/** What every entry has besides its body. */
const envelope = {
  v: z.literal(1),
  /** When the entry was made, by the clock of the server. */
  time,
  /** 128 random bits: leaf hashes are public, and nobody may find an entry by guessing it. */
  salt,
};

/** What every entry carries. */
export interface EntryEnvelope {
  readonly v: 1;
  readonly time: string;
  readonly salt: string;
}

/** One entry of the log as it was made. */
export type LogEntry = LogEntryBody & EntryEnvelope;

/** One entry of a known type. */
export type LogEntryOf<T extends LogEntryType> = LogEntryBodyOf<T> & EntryEnvelope;

const SCHEMAS = Object.fromEntries(
  Object.entries(ENTRY_BODIES).map(([type, body]) => [type, z.extend(body, envelope)]),
) as unknown as Readonly<Record<LogEntryType, z.ZodMiniType<LogEntry>>>;

function isEntryType(type: unknown): type is LogEntryType {
  return typeof type === 'string' && Object.hasOwn(SCHEMAS, type);
}

/** Why a value is no entry, or `undefined` where it is one. */
function entryProblem(value: unknown): string | undefined {
  if (!isJsonObject(value)) return 'it is not an object';
  const { type } = value as { type?: unknown };
  if (!isEntryType(type)) return 'its type is not known';
  const issue = SCHEMAS[type].safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join('.') || 'an unknown member'} is not as documented`;
}

/**
 * The bytes of an entry: canonical JSON (RFC 8785). `saltBytes` are 16 fresh random bytes. Throws `log.entry_too_large` above
 * 8 KiB and a `TypeError` for a body that its own schema refuses, so that nothing is logged that cannot be read back.
 */
export function encodeEntry(body: LogEntryBody, now: Date, saltBytes: Uint8Array): Uint8Array {
  const entry = { ...body, v: 1, time: now.toISOString(), salt: encodeBase64url(saltBytes) } as const;
  const problem = entryProblem(JSON.parse(JSON.stringify(entry)));
  if (problem !== undefined) throw new TypeError(`Not a log entry of type ${body.type}: ${problem}.`);
  const bytes = utf8(canonicalJson(entry));
  if (bytes.length > MAX_ENTRY) {
    throw new OriginSignError(
      'log.entry_too_large',
      `A log entry of type ${body.type} has ${bytes.length} bytes, more than ${MAX_ENTRY}.`,
    );
  }
  return bytes;
}

/**
 * Parses the bytes of an entry: known type, exactly the documented members, canonical JSON, at most 8 KiB.
 * Throws `log.corrupt`.
 */
export function parseEntry(bytes: Uint8Array): LogEntry {
  const problem = (what: string, cause?: unknown): OriginSignError =>
    new OriginSignError('log.corrupt', `The log entry is malformed: ${what}.`, { cause });
  if (bytes.length > MAX_ENTRY) throw problem('it is too large');
  let value: Json;
  try {
    value = parseStrictJson(bytes);
  } catch (cause) {
    throw isOriginSignError(cause) ? problem('it is not strict JSON', cause) : cause;
  }
  const why = entryProblem(value);
  if (why !== undefined) throw problem(why);
  // Two spellings of one entry would have two leaf hashes.
  if (canonicalJson(value) !== utf8Text(bytes)) throw problem('it is not canonical JSON');
  return value as unknown as LogEntry;
}

/** Parses an entry that must be of one type. Throws `log.corrupt`. */
export function parseEntryOf<T extends LogEntryType>(type: T, bytes: Uint8Array): LogEntryOf<T> {
  const entry = parseEntry(bytes);
  if (entry.type !== type) {
    throw new OriginSignError('log.corrupt', `The log entry is of type ${entry.type}, not ${type}.`);
  }
  return entry as unknown as LogEntryOf<T>;
}
