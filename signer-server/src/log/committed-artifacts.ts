import { utf8 } from '@originsign/core/encoding/bytes';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { parseRecords, type ArtifactRecord, type IntentRecord, type RequestRecord } from '@originsign/core/log/records';
import type { ArtifactRow, RequestRow } from '../store/database.ts';
import { compareRow, rowError, type CommittedRow, type Comparison } from './row-comparison.ts';

/**
 * Compares the artifacts of a request with its records, which were found to lead to the roots in the log before.
 * Throws `store.corrupt`.
 */
export function checkArtifactRows(request: RequestRow, rows: readonly ArtifactRow[]): void {
  const requested = parseRecords('REQUEST', request.request_records);
  const intended = request.intent_records === null ? [] : parseRecords('INTENT', request.intent_records);
  const signed = request.result_records === null ? [] : parseRecords('RESULT', request.result_records);
  for (const [position, record] of requested.entries()) {
    const place: CommittedRow = { table: 'artifacts', row: [request.id, position] };
    const row = rows.find((candidate) => candidate.position === position);
    if (row === undefined) throw rowError(place, undefined, 'the row is missing');
    compareRow(place, 'REQUEST', requestColumns(row, record));
    const intent = intended[position];
    if (intent !== undefined) compareRow(place, 'INTENT', intentColumns(row, intent));
    const result = signed[position];
    compareRow(place, 'RESULT', result === undefined ? unsignedColumns(row) : resultColumns(row, result));
  }
  const extra = rows.find(({ position }) => position >= requested.length);
  if (extra === undefined) return;
  const place: CommittedRow = { table: 'artifacts', row: [request.id, extra.position] };
  throw rowError(place, undefined, 'the request has no such artifact');
}

function requestColumns(row: ArtifactRow, record: RequestRecord): readonly Comparison[] {
  const [[algorithm, value] = []] = Object.entries(record.coveredDigest);
  return [
    ['name', () => row.name, record.name],
    ['format', () => row.format, record.format],
    ['covered_algorithm', () => row.covered_algorithm, algorithm],
    ['covered_value', () => row.covered_value, value],
    ['inputs', () => sha256Hex(utf8(row.inputs)), record.inputsSha256],
    ['options', () => sha256Hex(utf8(row.options)), record.optionsSha256],
    ['claimed_sha256', () => row.claimed_sha256, record.claimed.sha256],
    ['claimed_size', () => row.claimed_size, record.claimed.size],
  ];
}

function hashOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'nothing' : sha256Hex(bytes);
}

function intentColumns(row: ArtifactRow, record: IntentRecord): readonly Comparison[] {
  const { structureSha256 } = record;
  const toBeSigned = (): string =>
    row.to_be_signed_kind === 'digest' ? encodeHex(row.to_be_signed ?? new Uint8Array()) : hashOf(row.to_be_signed);
  return [
    ['key_label', () => row.key_label, record.key.label],
    ['to_be_signed_kind', () => row.to_be_signed_kind === 'message' || row.to_be_signed_kind === 'digest', true],
    ['to_be_signed', toBeSigned, record.toBeSignedSha256],
    ...(structureSha256 === undefined ? [] : ([['structure', () => hashOf(row.structure), structureSha256]] as const)),
  ];
}

function resultColumns(row: ArtifactRow, record: ArtifactRecord): readonly Comparison[] {
  const { blockSha256, timestamp } = record;
  return [
    ['signature', () => hashOf(row.signature), record.signatureSha256],
    ['timestamp_time', () => row.timestamp_time ?? 'none', timestamp ?? 'none'],
    ['timestamp_token', () => row.timestamp_token !== null, timestamp !== undefined],
    ...(blockSha256 === undefined ? [] : ([['block', () => hashOf(row.block), blockSha256]] as const)),
  ];
}

/** A signature without a RESULT would be one that the log knows nothing of. */
function unsignedColumns(row: ArtifactRow): readonly Comparison[] {
  return [
    ['signature', () => hashOf(row.signature), 'nothing'],
    ['timestamp_token', () => hashOf(row.timestamp_token), 'nothing'],
    ['block', () => hashOf(row.block), 'nothing'],
  ];
}
