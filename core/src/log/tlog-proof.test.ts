import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../encoding/base64.ts';
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts';

const HASH = encodeBase64(new Uint8Array(32).fill(7));
const CHECKPOINT = 'example.com/log\n3\nroot\n\n— example.com/log c2lnbmF0dXJl\n';
const PROOF = `c2sp.org/tlog-proof@v1\nextra YWJj\nindex 1\n${HASH}\n${HASH}\n\n${CHECKPOINT}`;

describe('tlog-proofs', () => {
  test('are taken apart as the specification lays them out', () => {
    const proof = parseTlogProof(PROOF);
    expect(proof).toMatchObject({ index: 1, checkpoint: CHECKPOINT });
    expect([Buffer.from(proof.extra ?? []).toString(), proof.hashes.length]).toEqual(['abc', 2]);
  });

  test('come back byte by byte', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const proof = fc.record(
      {
        extra: fc.uint8Array(),
        index: fc.maxSafeNat(),
        hashes: fc.array(hash, { maxLength: 63 }),
        checkpoint: fc.constant(CHECKPOINT),
      },
      { requiredKeys: ['index', 'hashes', 'checkpoint'] },
    );
    fc.assert(fc.property(proof, (value) => void expect(parseTlogProof(formatTlogProof(value))).toEqual(value)));
    expect(formatTlogProof(parseTlogProof(PROOF))).toBe(PROOF);
  });

  const swap = (from: string, to: string): string => PROOF.replace(from, to);
  test.each([
    ['nothing', ''],
    ['another version', swap('@v1', '@v2')],
    ['a space before the header', ` ${PROOF}`],
    ['carriage returns', PROOF.replaceAll('\n', '\r\n')],
    ['no index', swap('index 1\n', '')],
    ['extra twice', swap('extra YWJj\n', 'extra YWJj\nextra YWJj\n')],
    ['extra behind the index', swap('extra YWJj\nindex 1', 'index 1\nextra YWJj')],
    ['extra with a tab', swap('extra ', 'extra\t')],
    ['extra that is not base64', swap('YWJj', 'YW*j')],
    ['extra without padding', swap('YWJj', 'YWI')],
    ['a leading zero', swap('index 1', 'index 01')],
    ['a negative index', swap('index 1', 'index -1')],
    ['an index beyond 2^53', swap('index 1', 'index 9007199254740993')],
    ['a short hash', swap(HASH, encodeBase64(new Uint8Array(31)))],
    ['a hash that is not base64', swap(HASH, `${HASH.slice(0, -2)}!=`)],
    ['no blank line', PROOF.replaceAll('\n\n', '\n')],
    ['64 hashes', swap(`${HASH}\n`, `${HASH}\n`.repeat(63))],
    ['too many bytes', swap('YWJj', 'YWJj'.repeat(1 << 21))],
  ])('with %s are malformed', (_, text) => {
    expect(() => parseTlogProof(text)).toThrow(expect.objectContaining({ code: 'verify.receipt' }));
  });

  test('that are not UTF-8 are malformed', () => {
    expect(() => parseTlogProof(Uint8Array.of(0xc0, 0x80))).toThrow(
      expect.objectContaining({ code: 'verify.receipt' }),
    );
  });
});
