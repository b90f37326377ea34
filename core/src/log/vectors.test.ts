import { readFileSync } from 'node:fs';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { decodeHex, encodeHex } from '../encoding/hex.ts';
import { commitTo, type CommittedField } from './commitment.ts';
import { parseEntry } from './entries.ts';
import { rootOf } from './frontier.ts';
import { leafHash } from './merkle-hash.ts';
import { findRecord, verifyReceipt } from './receipt.ts';
import { checkRecords, recordList, type RecordKind } from './records.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../docs/spec/vectors/${name}`, import.meta.url), 'utf8'));

describe('log-entries.json', () => {
  const vectors = read('log-entries.json') as {
    entries: { name: string; entry: string; leafHash: string }[];
    root: string;
    records: { type: RecordKind; records: unknown; root: string }[];
    commitment: { field: CommittedField; salt: string; value: string; commitment: string };
    refused: { name: string; entry: string }[];
  };

  test.each(vectors.entries)('$name is an entry with this leaf hash', ({ name, entry, leafHash: expected }) => {
    expect(parseEntry(utf8(entry)).type).toBe(name);
    expect(encodeHex(leafHash(utf8(entry)))).toBe(expected);
  });

  test('the entries have this root', () => {
    expect(vectors.entries).toHaveLength(4);
    expect(encodeHex(rootOf(vectors.entries.map(({ entry }) => leafHash(utf8(entry)))))).toBe(vectors.root);
  });

  test.each(vectors.records)('the records of $type have the root that its entry commits to', (vector) => {
    expect(recordList(checkRecords(vector.type, vector.records)).root).toBe(vector.root);
    const entry = vectors.entries.find(({ name }) => name === vector.type)?.entry ?? '';
    expect(parseEntry(utf8(entry))).toMatchObject({ artifacts: { count: 1, root: vector.root } });
  });

  test('the commitment is the one of its salt and value', () => {
    const { field, salt, value, commitment } = vectors.commitment;
    expect(commitTo(field, decodeHex(salt), value)).toBe(commitment);
    expect(vectors.entries[0]?.entry).toContain(`"actor":"${commitment}"`);
  });

  test.each(vectors.refused)('refuses $name', ({ entry }) => {
    expect(codeOf(() => parseEntry(utf8(entry)))).toBe('log.corrupt');
  });
});

describe('receipt.json', () => {
  const vectors = read('receipt.json') as {
    logKey: string;
    origin: string;
    receipt: string;
    index: number;
    size: number;
    signatureSha256: string;
    changed: { name: string; receipt: string; code: string }[];
  };
  const logs = [
    { origin: vectors.origin, keys: [{ vkey: vectors.logKey, validFrom: '2026-11-01T00:00:00.000Z', fromSize: 0 }] },
  ];

  test('verifies and leads to the signature', () => {
    const receipt = verifyReceipt(vectors.receipt, logs);
    expect(receipt.index).toBe(vectors.index);
    expect(receipt.checkpoint.size).toBe(vectors.size);
    expect(findRecord(receipt, decodeHex(vectors.signatureSha256)).name).toBe('dist/app.exe');
  });

  test.each(vectors.changed)('refuses $name', ({ receipt, code }) => {
    expect(receipt).not.toBe(vectors.receipt);
    expect(codeOf(() => verifyReceipt(receipt, logs))).toBe(code);
  });
});
