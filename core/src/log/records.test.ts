import { describe, expect, test } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { utf8 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { leafHash, nodeHash } from './merkle-hash.ts';
import { checkRecords, formatRecords, parseRecords, recordList, type ArtifactRecord } from './records.ts';

const HASH = 'cd'.repeat(32);
const record = (position: number): ArtifactRecord => ({
  position,
  name: `app-${position}.exe`,
  format: 'authenticode-pe',
  coveredDigest: { authenticodeSha256: HASH },
  key: { label: 'acme-2026', spkiSha256: HASH },
  signatureSha256: HASH,
  timestamp: '2026-11-22T09:14:03.000Z',
});

describe('per-artifact records', () => {
  test('have the RFC 6962 root over their canonical JSON', () => {
    const records = [record(0), record(1), record(2)];
    const [a, b, c] = records.map((one) => leafHash(utf8(canonicalJson(one as unknown as Json)))) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(recordList(records)).toEqual({ count: 3, root: encodeHex(nodeHash(nodeHash(a, b), c)) });
  });

  test('come back from their one text', () => {
    const records = [record(0), record(1)];
    expect(parseRecords('RESULT', formatRecords(records))).toEqual(records);
    const { timestamp: _, ...bare } = record(0);
    expect(parseRecords('RESULT', formatRecords([bare]))).toEqual([bare]);
  });

  const bad: readonly (readonly [string, unknown])[] = [
    ['no list', {}],
    ['no record', []],
    ['1,025 records', Array.from({ length: 1025 }, (_, n) => record(n))],
    ['a position left out', [record(0), record(2)]],
    ['positions from 1', [record(1)]],
    ['a position twice', [record(0), record(0)]],
    ['two digests', [{ ...record(0), coveredDigest: { sha256: HASH, sha512: HASH } }]],
    ['no digest', [{ ...record(0), coveredDigest: {} }]],
    ['a digest in capitals', [{ ...record(0), coveredDigest: { sha256: HASH.toUpperCase() } }]],
    ['a short digest', [{ ...record(0), coveredDigest: { sha256: HASH.slice(2) } }]],
    ['an unknown member', [{ ...record(0), more: 1 }]],
    ['no key', [{ ...record(0), key: undefined }]],
    ['a key with more', [{ ...record(0), key: { label: 'a', spkiSha256: HASH, more: 1 } }]],
    ['no signature', [{ ...record(0), signatureSha256: undefined }]],
    ['a name with a direction override', [{ ...record(0), name: 'exe.\u202etxt' }]],
    ['a time of another form', [{ ...record(0), timestamp: '2026-11-22' }]],
    ['a record of another kind', [{ ...record(0), toBeSignedSha256: HASH }]],
  ];
  test.each(bad)('refuse %s', (_, value) => {
    expect(() => checkRecords('RESULT', JSON.parse(JSON.stringify(value)))).toThrow(
      expect.objectContaining({ code: 'verify.receipt' }),
    );
  });

  test.each([
    '',
    '[',
    '{}',
    ` ${formatRecords([record(0)])}`,
    `${formatRecords([record(0)])}\n`,
    formatRecords([record(0)]).replace('{', '{"position":0,'),
  ])('refuse the text %j', (json) => {
    expect(() => parseRecords('RESULT', json)).toThrow(expect.objectContaining({ code: 'verify.receipt' }));
  });
});
