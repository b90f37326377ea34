import * as z from 'zod/mini';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { encodeHex } from '../encoding/hex.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { OriginSignError, isOriginSignError } from '../errors/error.ts';
import { count, label, sha256Hex, text, time } from './entry-fields.ts';
import { rootOf } from './frontier.ts';
import { leafHash } from './merkle-hash.ts';

/** Most artifacts that one request has. */
export const MAX_RECORDS = 1024;

/** `{"sha256": "<hex>"}` or `{"authenticodeSha256": "<hex>"}`: exactly one digest under its own name. */
const coveredDigest = z
  .record(z.string().check(z.regex(/^[a-z][A-Za-z0-9]{2,39}$/)), z.string().check(z.regex(/^(?:[0-9a-f]{2}){32,64}$/)))
  .check(z.refine((digest) => Object.keys(digest).length === 1, 'not exactly one digest'));

const subject = { position: count, name: text, format: label, coveredDigest };
const key = z.strictObject({ label, spkiSha256: sha256Hex });

const schemas = {
  /** What a REQUEST asks to have signed. `claimed` is the client's word. */
  REQUEST: z.strictObject({
    ...subject,
    inputsSha256: sha256Hex,
    optionsSha256: sha256Hex,
    claimed: z.strictObject({ sha256: sha256Hex, size: count }),
  }),
  /** What an INTENT hands to the HSM. */
  INTENT: z.strictObject({ ...subject, key, toBeSignedSha256: sha256Hex, structureSha256: z.optional(sha256Hex) }),
  /** What a RESULT released: the signature by the SHA-256 of its value. */
  RESULT: z.strictObject({
    ...subject,
    key,
    signatureSha256: sha256Hex,
    /** Time of the RFC 3161 token. */
    timestamp: z.optional(time),
    /** SHA-256 of the signature block as the client gets it. */
    blockSha256: z.optional(sha256Hex),
  }),
} as const;

/** Type of entry that has per-artifact records. */
export type RecordKind = keyof typeof schemas;
/** The record of one kind. */
export type ArtifactRecordOf<K extends RecordKind> = z.infer<(typeof schemas)[K]>;
/** What was asked for, per artifact. */
export type RequestRecord = ArtifactRecordOf<'REQUEST'>;
/** What the HSM signs, per artifact. */
export type IntentRecord = ArtifactRecordOf<'INTENT'>;
/** What was signed, per artifact: the record that a receipt carries. */
export type ArtifactRecord = ArtifactRecordOf<'RESULT'>;

/** Count and root as they stand in an entry: RFC 6962 root over the canonical JSON of each record. */
export function recordList(records: readonly (RequestRecord | IntentRecord | ArtifactRecord)[]): {
  readonly count: number;
  readonly root: string;
} {
  const leaves = records.map((record) => leafHash(utf8(canonicalJson(record as unknown as Json))));
  return { count: records.length, root: encodeHex(rootOf(leaves)) };
}

/** The one text of a list of records, for a store or a receipt: a canonical JSON array. */
export function formatRecords(records: readonly (RequestRecord | IntentRecord | ArtifactRecord)[]): string {
  return canonicalJson(records);
}

/**
 * Checks a parsed JSON value: 1 to 1,024 records of the kind, positions counted from 0 without a gap.
 * Throws `verify.receipt`.
 */
export function checkRecords<K extends RecordKind>(kind: K, value: unknown): readonly ArtifactRecordOf<K>[] {
  const malformed = (what: string): OriginSignError =>
    new OriginSignError('verify.receipt', `The artifact records are malformed: ${what}.`);
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RECORDS) {
    throw malformed(`expected 1 to ${MAX_RECORDS} records`);
  }
  for (const [position, record] of value.entries()) {
    const issue = schemas[kind].safeParse(record).error?.issues[0];
    if (issue !== undefined)
      throw malformed(`record ${position}: ${issue.path.join('.') || 'a member'} is not as documented`);
    if ((record as RequestRecord).position !== position) throw malformed(`record ${position} has another position`);
  }
  return value as ArtifactRecordOf<K>[];
}

/** Parses {@link formatRecords}. Throws `verify.receipt`, also where the text is not canonical. */
export function parseRecords<K extends RecordKind>(kind: K, json: string): readonly ArtifactRecordOf<K>[] {
  try {
    const value = parseStrictJson(json);
    const records = checkRecords(kind, value);
    if (canonicalJson(value) === json) return records;
  } catch (cause) {
    if (isOriginSignError(cause, 'verify.receipt') || !isOriginSignError(cause)) throw cause;
  }
  throw new OriginSignError('verify.receipt', 'The artifact records are not canonical JSON.');
}
