import { readFileSync } from 'node:fs';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { formatTrustFile, parseTrustFile, trustFingerprint } from '../protocol/trust-file.ts';
import { firstTrust, newerTrust } from './trust-note.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/spec/vectors/trust-file.json', import.meta.url), 'utf8'),
) as Record<'trustFile' | 'fingerprint' | 'note' | 'newer' | 'stranger', string>;
const now = new Date('2026-11-22T12:00:00Z');
const present = parseTrustFile(vectors.trustFile);

describe('trust-file.json', () => {
  test('is the one text of its trust file, with this fingerprint', () => {
    expect(formatTrustFile(present)).toBe(vectors.trustFile);
    expect(trustFingerprint(present)).toBe(vectors.fingerprint);
  });

  test('is believed the first time under its fingerprint alone', () => {
    expect(firstTrust(utf8(vectors.note), vectors.fingerprint)).toEqual(present);
    const other = vectors.fingerprint.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(codeOf(() => firstTrust(utf8(vectors.note), other))).toBe('trust.fingerprint');
  });

  test('gives way to a newer one that its log key signed, and to nothing else', () => {
    expect(newerTrust(utf8(vectors.newer), present, now).serial).toBe(2);
    expect(codeOf(() => newerTrust(utf8(vectors.stranger), present, now))).toBe('trust.not_newer');
    expect(codeOf(() => newerTrust(utf8(vectors.note), parseTrustFile(vectors.newer.split('\n')[0] ?? ''), now))).toBe(
      'trust.not_newer',
    );
  });
});
