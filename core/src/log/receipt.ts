import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { encodeHex } from '../encoding/hex.ts';
import { isJsonObject, parseStrictJson } from '../encoding/strict-json.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { openCheckpoint, type OpenedCheckpoint } from './checkpoint.ts';
import { parseEntryOf, type LogEntryOf } from './entries.ts';
import { leafHash } from './merkle-hash.ts';
import { verifyInclusion } from './merkle-proof.ts';
import { checkRecords, recordList, type ArtifactRecord } from './records.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { noteKeys, refuseUntrustedKeys, type TrustedLog } from './trusted-log.ts';

/** What a receipt is made of. */
export interface ReceiptParts {
  /** The bytes of the RESULT entry. */
  readonly entry: Uint8Array;
  readonly records: readonly ArtifactRecord[];
  readonly index: number;
  /** Inclusion proof of the entry in the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly checkpoint: string;
}

/** What a verified receipt proves. */
export interface VerifiedReceipt {
  readonly checkpoint: OpenedCheckpoint;
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly entry: LogEntryOf<'RESULT'>;
  readonly records: readonly ArtifactRecord[];
}

function refused(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('verify.receipt', `The receipt does not verify: ${what}.`, { cause });
}

/** The `extra` line: canonical JSON of the entry's text and the records whose root stands in it. */
function formatExtra(entry: Uint8Array, records: readonly ArtifactRecord[]): Uint8Array {
  return utf8(canonicalJson({ entry: utf8Text(entry), records: records as unknown as Json }));
}

/** The text of a receipt: a tlog-proof of a RESULT entry that carries the entry and its records. */
export function formatReceipt({ entry, records, index, proof, checkpoint }: ReceiptParts): string {
  return formatTlogProof({ extra: formatExtra(entry, records), index, hashes: proof, checkpoint });
}

function parseExtra({ extra }: TlogProof): { readonly entry: Uint8Array; readonly records: readonly ArtifactRecord[] } {
  if (extra === undefined) throw refused('it does not carry its entry');
  const value = parseExtraJson(extra);
  if (!isJsonObject(value) || Object.keys(value).join() !== 'entry,records' || typeof value['entry'] !== 'string') {
    throw refused('its extra data is not an entry with records');
  }
  if (canonicalJson(value) !== utf8Text(extra)) throw refused('its extra data is not canonical JSON');
  return { entry: utf8(value['entry']), records: checkRecords('RESULT', value['records']) };
}

function parseExtraJson(extra: Uint8Array): Json {
  try {
    return parseStrictJson(extra);
  } catch (cause) {
    throw isOriginSignError(cause) ? refused('its extra data is not strict JSON', cause) : cause;
  }
}

function parseResult(entry: Uint8Array): LogEntryOf<'RESULT'> {
  try {
    return parseEntryOf('RESULT', entry);
  } catch (cause) {
    throw isOriginSignError(cause) ? refused('its entry is not a RESULT', cause) : cause;
  }
}

/**
 * Verifies a receipt offline, in this order: the checkpoint is signed by a key that the trust file names for its log, size and
 * time; the entry is in the tree of that checkpoint; the entry is a RESULT; the records lead to the root that it commits to.
 * What the records then say about signatures is for the caller to compare.
 *
 * Throws `note.malformed` and `note.signature` (checkpoint), `verify.log_key` (key not for this size or time), `proof.invalid`
 * (entry not in the tree) and `verify.receipt` (everything else).
 */
export function verifyReceipt(receipt: string | Uint8Array, logs: readonly TrustedLog[]): VerifiedReceipt {
  const proof = parseTlogProof(receipt);
  const checkpoint = openCheckpoint(proof.checkpoint, noteKeys(logs));
  const { entry, records } = parseExtra(proof);
  const leaf = leafHash(entry);
  const { index, hashes } = proof;
  verifyInclusion({ index, size: checkpoint.size, leaf, root: checkpoint.root, proof: hashes });
  const result = parseResult(entry);
  refuseUntrustedKeys(logs, checkpoint, new Date(result.time));
  const list = recordList(records);
  if (list.count !== result.artifacts.count || list.root !== result.artifacts.root) {
    throw refused('its records are not the ones that the log entry commits to');
  }
  return { checkpoint, index, leaf, entry: result, records };
}

/** The record of a signature value, found by its SHA-256. Throws `verify.not_in_receipt`. */
export function findRecord(receipt: VerifiedReceipt, signatureSha256: Uint8Array): ArtifactRecord {
  const wanted = encodeHex(signatureSha256);
  const record = receipt.records.find((candidate) => candidate.signatureSha256 === wanted);
  if (record === undefined) {
    throw new OriginSignError(
      'verify.not_in_receipt',
      'The receipt is for other signatures than the one of this file.',
    );
  }
  return record;
}
