import { beforeAll, describe, expect, test } from 'vitest';
import { REQUEST, TestLog } from '@originsign/testkit/test-log';
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { findRecord, formatReceipt, verifyReceipt } from './receipt.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
import type { TrustedLog, TrustedLogKey } from './trusted-log.ts';

const log = new TestLog();
let first: number;
let second: number;
let receipt: string;

beforeAll(async () => {
  first = log.addRequest('first', 3);
  log.add({ type: 'STOP', replica: 'a' });
  second = log.addRequest('second', 2);
  log.addRequest('third');
  receipt = await log.receipt(first);
});

const refusedAs = (code: string): unknown => expect.objectContaining({ code });
const trusting = (change: Partial<TrustedLogKey>): TrustedLog[] => [
  { ...log.trusted, keys: log.trusted.keys.map((key) => ({ ...key, ...change })) },
];
const altered = (change: (proof: TlogProof, text: string) => Partial<TlogProof>): string => {
  const proof = parseTlogProof(receipt);
  return formatTlogProof({ ...proof, ...change(proof, Buffer.from(proof.extra ?? []).toString()) });
};
const withExtra = (change: (text: string) => string): string =>
  altered((_, text) => {
    const extra = change(text);
    if (extra === text) throw new Error('The alteration alters nothing.');
    return { extra: utf8(extra) };
  });

describe('receipts', () => {
  test('verify offline and give back what was signed', () => {
    const verified = verifyReceipt(receipt, [log.trusted]);
    expect(verified).toMatchObject({
      index: first,
      entry: { type: 'RESULT' },
      checkpoint: { size: log.entries.length },
    });
    expect(verified.records).toEqual(log.records[first]);
    expect(findRecord(verified, sha256(utf8('first-1.exe'))).position).toBe(1);
    expect(() => findRecord(verified, sha256(utf8('second-0.exe')))).toThrow(refusedAs('verify.not_in_receipt'));
  });

  test('verify from an ECDSA log, at every later size, and as bytes', async () => {
    const other = new TestLog('ecdsa-p256');
    const index = other.addRequest('one');
    for (let size = other.entries.length; size < 12; size += 1) {
      expect(verifyReceipt(utf8(await other.receipt(index, size)), [other.trusted]).checkpoint.size).toBe(size);
      other.add({ type: 'STOP', replica: 'a' });
    }
  });

  test.each<[string, string, () => string]>([
    ['is empty', 'verify.receipt', () => ''],
    ['lost its header', 'verify.receipt', () => receipt.slice(1)],
    ['lost its extra data', 'verify.receipt', () => receipt.replace(/extra .*\n/, '')],
    ['has extra data that is not JSON', 'verify.receipt', () => withExtra(() => 'text')],
    ['has extra data that is a list', 'verify.receipt', () => withExtra(() => '[]')],
    ['has a member too many', 'verify.receipt', () => withExtra((text) => text.replace(/\}$/, ',"z":1}'))],
    ['has a member twice', 'verify.receipt', () => withExtra((text) => text.replace('{', '{"records":[],'))],
    ['has white space in its extra data', 'verify.receipt', () => withExtra((text) => `${text} `)],
    ['has no records', 'verify.receipt', () => withExtra((text) => text.replace(/"records":.*$/, '"records":[]}'))],
    [
      'has an entry that is no text',
      'verify.receipt',
      () => withExtra((text) => text.replace(/"entry":".*?","records/, '"entry":1,"records')),
    ],
    [
      'has another signature in a record',
      'verify.receipt',
      () =>
        withExtra((text) =>
          text
            .replace(/signatureSha256":"./, 'signatureSha256":"0')
            .replace(/signatureSha256":"0(.)/, 'signatureSha256":"f$1'),
        ),
    ],
    [
      'has another name in a record',
      'verify.receipt',
      () => withExtra((text) => text.replace('first-2.exe', 'evil-2.exe')),
    ],
    [
      'lost its last record',
      'verify.receipt',
      () => withExtra((text) => text.replace(/,\{"coveredDigest[^[]*\]\}$/, ']}')),
    ],
    [
      'has two records exchanged',
      'verify.receipt',
      () =>
        withExtra((text) =>
          text.replace('first-0', 'first-X').replace('first-1', 'first-0').replace('first-X', 'first-1'),
        ),
    ],
    [
      'has another salt in its entry',
      'proof.invalid',
      () =>
        withExtra((text) =>
          text.replace(/salt\\":\\"./, (salt) => `${salt.slice(0, -1)}${salt.endsWith('A') ? 'B' : 'A'}`),
        ),
    ],
    ['has another index', 'proof.invalid', () => altered(({ index }) => ({ index: index + 1 }))],
    ['has an index beyond its tree', 'proof.invalid', () => altered(() => ({ index: 99 }))],
    ['lost a hash', 'proof.invalid', () => altered(({ hashes }) => ({ hashes: hashes.slice(1) }))],
    [
      'has a hash twice',
      'proof.invalid',
      () => altered(({ hashes }) => ({ hashes: [...hashes.slice(0, 1), ...hashes] })),
    ],
    ['has hashes in another order', 'proof.invalid', () => altered(({ hashes }) => ({ hashes: hashes.toReversed() }))],
    ['has no checkpoint', 'note.malformed', () => altered(() => ({ checkpoint: '' }))],
    [
      'has an unsigned checkpoint',
      'note.malformed',
      () => altered(({ checkpoint }) => ({ checkpoint: checkpoint.slice(0, checkpoint.indexOf('\n\n') + 2) })),
    ],
    [
      'has a checkpoint of another size',
      'note.signature',
      () => altered(({ checkpoint }) => ({ checkpoint: checkpoint.replace(/\n\d+\n/, '\n99\n') })),
    ],
    [
      'has a checkpoint of another root',
      'note.signature',
      () =>
        altered(({ checkpoint }) => ({
          checkpoint: checkpoint.replace(/\n[^\n]{44}\n/, `\n${encodeBase64(sha256())}\n`),
        })),
    ],
    [
      'has a checkpoint of another origin',
      'note.signature',
      () => altered(({ checkpoint }) => ({ checkpoint: checkpoint.replace('sign.acme', 'evil.acme') })),
    ],
    ['has a line behind its checkpoint', 'note.malformed', () => `${receipt}more\n`],
  ])('that %s is refused as %s', (_, code, make) => {
    const text = make();
    expect(text).not.toBe(receipt);
    expect(() => verifyReceipt(text, [log.trusted])).toThrow(refusedAs(code));
  });

  test('of one entry do not prove another, with all parts genuine', async () => {
    const other = parseTlogProof(await log.receipt(second));
    const own = parseTlogProof(receipt);
    for (const mixed of [
      { ...own, extra: other.extra },
      { ...own, index: other.index },
      { ...own, hashes: other.hashes },
    ]) {
      expect(() => verifyReceipt(formatTlogProof(mixed as TlogProof), [log.trusted])).toThrow(
        refusedAs('proof.invalid'),
      );
    }
  });

  test('prove a RESULT and nothing else', async () => {
    const index = first + 1;
    const proof = parseTlogProof(await log.receipt(first));
    const records = log.records[first] ?? [];
    log.records[index] = records;
    const stop = await log.receipt(index);
    expect(() => verifyReceipt(stop, [log.trusted])).toThrow(refusedAs('verify.receipt'));
    expect(proof.index).toBe(first);
    const foreign = new TestLog();
    const request = foreign.add(REQUEST);
    foreign.records[request] = records;
    expect(await foreign.receipt(request).then((text) => () => verifyReceipt(text, [foreign.trusted]))).toThrow(
      refusedAs('verify.receipt'),
    );
  });

  test('need a key that the trust file names for their log', () => {
    expect(() => verifyReceipt(receipt, [])).toThrow(refusedAs('note.signature'));
    expect(() => verifyReceipt(receipt, [new TestLog().trusted])).toThrow(refusedAs('note.signature'));
    const renamed = { ...log.trusted, origin: 'other.example/log' };
    expect(() => verifyReceipt(receipt, [renamed])).toThrow(refusedAs('note.malformed'));
    expect(() => verifyReceipt(receipt, trusting({ vkey: 'nonsense' }))).toThrow(refusedAs('note.malformed'));
  });

  test('need a key that the trust file names for their size and time', () => {
    const size = log.entries.length;
    for (const change of [{ fromSize: size + 1 }, { toSize: size - 1 }, { validUntil: '2026-11-22T09:14:02.999Z' }]) {
      expect(() => verifyReceipt(receipt, trusting(change)), JSON.stringify(change)).toThrow(
        refusedAs('verify.log_key'),
      );
    }
    for (const change of [{ fromSize: size }, { toSize: size }, { validUntil: '2026-11-22T09:14:03.000Z' }]) {
      verifyReceipt(receipt, trusting(change));
    }
    // An entry is older than the checkpoint that a later key signs for it.
    verifyReceipt(receipt, trusting({ validFrom: '2027-01-01T00:00:00.000Z' }));
  });

  test('come back from their parts', () => {
    const { hashes: proof, checkpoint } = parseTlogProof(receipt);
    const entry = log.entries[first] as Uint8Array;
    expect(formatReceipt({ entry, records: log.records[first] ?? [], index: first, proof, checkpoint })).toBe(receipt);
  });
});
