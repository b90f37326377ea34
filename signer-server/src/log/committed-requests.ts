import { decodeBase64, encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { canonicalJson, type Json } from '@originsign/core/encoding/canonical-json';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256, sha256Hex } from '@originsign/core/encoding/sha256';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { commitTo } from '@originsign/core/log/commitment';
import { parseEntryOf } from '@originsign/core/log/entries';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { verifyReceipt } from '@originsign/core/log/receipt';
import { parseRecords, recordList, type RecordKind } from '@originsign/core/log/records';
import type { TrustedLog } from '@originsign/core/log/trusted-log';
import type { RequestRow } from '../store/database.ts';
import type { CommittedRequest, EndType } from './committed-history.ts';
import { compareRow, rowError, type CommittedRow } from './row-comparison.ts';

/** Bytes of a log entry. */
export type EntryReader = (index: number) => Promise<Uint8Array>;

const STATE_AFTER: Readonly<Record<EndType, RequestRow['state']>> = {
  RESULT: 'completed',
  FAILURE: 'failed',
  CANCEL: 'cancelled',
  EXPIRY: 'expired',
};

/**
 * Compares a stored request with what the log says of it: what was asked and why it was allowed (REQUEST), what was to be
 * signed (INTENT), what was signed (RESULT), and how it ended. Throws `store.corrupt`.
 */
export async function checkRequestRow(
  row: RequestRow,
  committed: CommittedRequest,
  entry: EntryReader,
  log: TrustedLog,
): Promise<void> {
  const place: CommittedRow = { table: 'requests', row: row.id };
  checkState(place, row, committed);
  compareWithRequest(place, row, committed.request, await entry(committed.request));
  if (committed.intent !== undefined) compareWithIntent(place, row, committed.intent, await entry(committed.intent));
  else if (row.intent_index !== null) throw rowError(place, 'intent_index', 'the log has no INTENT of the request');
  if (committed.end?.type === 'RESULT') {
    const { index } = committed.end;
    compareWithResult(place, row, { index, bytes: await entry(index) }, log);
  } else if (row.result_index !== null) {
    throw rowError(place, 'result_index', 'the log has no RESULT of the request');
  }
}

function checkState(place: CommittedRow, { state }: RequestRow, committed: CommittedRequest): void {
  if (statesOf(committed).includes(state)) return;
  const { end } = committed;
  const last = end === undefined ? 'is not over' : `ended with ${end.type} in log entry ${end.index}`;
  throw rowError(place, 'state', `it is ${state}, but in the log the request ${last}`);
}

function statesOf({ intent, end, denied }: CommittedRequest): readonly RequestRow['state'][] {
  if (end !== undefined) return [STATE_AFTER[end.type]];
  return [
    'signing',
    ...(intent === undefined ? (['waiting_for_approval'] as const) : []),
    ...(denied === undefined ? [] : (['denied'] as const)),
  ];
}

function rootOfRecords(kind: RecordKind, json: string | null): string {
  return recordList(parseRecords(kind, json ?? '')).root;
}

/** The origin without the person behind it, as the log has it. */
function withoutPerson(origin: string): string {
  const { actor: _actor, actorId: _actorId, ...rest } = parseStrictJson(origin) as Readonly<Record<string, Json>>;
  return canonicalJson(rest);
}

/** What of the terms stands in the log. */
function loggedTerms(json: string | null): string {
  if (json === null) return 'null';
  const { count, from } = parseStrictJson(json) as Readonly<Record<string, Json>>;
  return canonicalJson({ count, from });
}

function compareWithRequest(place: CommittedRow, row: RequestRow, index: number, bytes: Uint8Array): void {
  const entry = parseEntryOf('REQUEST', bytes);
  const { commitment_salt: salt } = row;
  compareRow(place, `REQUEST in log entry ${index}`, [
    ['payload', () => encodeBase64url(sha256(row.payload)), row.id],
    ['payload', () => sha256Hex(row.payload), entry.payloadSha256],
    ['project', () => row.project, entry.project],
    ['policy', () => row.policy, entry.policy],
    ['policy_hash', () => row.policy_hash, entry.policyHash],
    ['rule', () => row.rule, entry.rule],
    ['binding', () => row.binding, entry.binding],
    ['system', () => row.system, entry.system],
    ['origin', () => withoutPerson(row.origin), canonicalJson(entry.origin)],
    ['decision', () => sha256Hex(utf8(row.decision)), entry.traceSha256],
    ['request_index', () => row.request_index, index],
    ['approval_terms', () => loggedTerms(row.approval_terms), canonicalJson(entry.approvals ?? null)],
    ['request_records', () => rootOfRecords('REQUEST', row.request_records), entry.artifacts.root],
  ]);
  // Without its salt a commitment says nothing any more: that is how personal data is deleted.
  if (salt === null) return;
  const actor = (): string => commitTo('actor', salt, (parseStrictJson(row.origin) as { actorId: string }).actorId);
  compareRow(place, `REQUEST in log entry ${index}`, [
    ...(entry.actor === undefined ? [] : ([['origin', actor, entry.actor]] as const)),
    ...(entry.claims === undefined
      ? []
      : ([['claims', () => commitTo('claims', salt, row.claims), entry.claims]] as const)),
  ]);
}

function compareWithIntent(place: CommittedRow, row: RequestRow, index: number, bytes: Uint8Array): void {
  const entry = parseEntryOf('INTENT', bytes);
  compareRow(place, `INTENT in log entry ${index}`, [
    ['intent_index', () => row.intent_index, index],
    ['intent_leaf', () => encodeHex(row.intent_leaf ?? new Uint8Array()), encodeHex(leafHash(bytes))],
    ['attempts', () => row.attempts, entry.attempt],
    ['lease_owner', () => row.lease_owner, entry.lease.replica],
    ['lease_until', () => row.lease_until, entry.lease.until],
    ['intent_records', () => rootOfRecords('INTENT', row.intent_records), entry.artifacts.root],
  ]);
}

function compareWithResult(
  place: CommittedRow,
  row: RequestRow,
  { index, bytes }: { readonly index: number; readonly bytes: Uint8Array },
  log: TrustedLog,
): void {
  const entry = parseEntryOf('RESULT', bytes);
  const leaf = encodeHex(leafHash(bytes));
  compareRow(place, `RESULT in log entry ${index}`, [
    ['result_index', () => row.result_index, index],
    ['result_records', () => rootOfRecords('RESULT', row.result_records), entry.artifacts.root],
    ['provenance', () => sha256Hex(provenancePayload(row.provenance ?? '')), entry.provenanceSha256],
    ...(row.receipt === null ? [] : ([['receipt', () => receiptLeaf(row.receipt ?? '', log), leaf]] as const)),
  ]);
}

/** Payload of the DSSE envelope in a Sigstore bundle. */
function provenancePayload(bundle: string): Uint8Array {
  const { dsseEnvelope } = parseStrictJson(bundle) as { dsseEnvelope: { payload: string } };
  return decodeBase64(dsseEnvelope.payload);
}

function receiptLeaf(receipt: string, log: TrustedLog): string {
  return encodeHex(verifyReceipt(receipt, [log]).leaf);
}
