import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { der, derInteger, derNull, derOctetString, derSequence, Tag } from './der.ts';
import {
  oidText,
  readDer,
  readDerAll,
  readDerPrefix,
  readDerTime,
  sequenceCursor,
  unsignedBytes,
} from './der-reader.ts';
import { decodeHex } from './hex.ts';

const malformed = expect.objectContaining({ code: 'der.malformed' }) as Error;

describe('refuses what is BER or no encoding at all', () => {
  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['an indefinite length', '30800000'],
    ['a long form for a short length', '048101aa'],
    ['a length with a leading zero', '0482008000'],
    ['a length of five octets', '04850000000001aa'],
    ['the reserved length', '04ff00'],
    ['contents cut short', '0402aa'],
    ['a length cut short', '0482ff'],
    ['bytes after the value', '050000'],
    ['a tag number above 30', '1f8101'],
    ['a length of four gigabytes', '0484ffffffff00'],
  ])('%s', (_, hex) => {
    expect(() => readDer(decodeHex(hex))).toThrow(malformed);
  });
});

describe('refuses numbers and identifiers that are not minimal', () => {
  test.each([
    ['an empty integer', '0200', unsignedBytes],
    ['a padded integer', '02020001', unsignedBytes],
    ['a negative integer', '0201ff', unsignedBytes],
    ['another type', '0401ff', unsignedBytes],
    ['an empty identifier', '0600', oidText],
    ['a padded arc', '06032a8001', oidText],
    ['an identifier cut short', '06022a86', oidText],
    ['an identifier of another type', '0403550403', oidText],
  ])('%s', (_, hex, read) => {
    expect(() => read(readDer(decodeHex(hex)))).toThrow(malformed);
  });

  test('an identifier of a megabyte, without doing arithmetic on it', () => {
    const long = der(Tag.objectIdentifier, new Uint8Array(1_000_000).fill(0xff), Uint8Array.of(0x7f));
    expect(() => oidText(readDer(long))).toThrow(malformed);
  });
});

describe('times', () => {
  const time = (tag: number, text: string): Date => readDerTime(readDer(der(tag, utf8(text))));

  test.each([
    [Tag.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [Tag.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [Tag.generalizedTime, '20240229120000Z', '2024-02-29T12:00:00.000Z'],
    [Tag.generalizedTime, '20240101120000.5Z', '2024-01-01T12:00:00.500Z'],
    [Tag.generalizedTime, '20240101120000.029Z', '2024-01-01T12:00:00.029Z'],
    [Tag.generalizedTime, '20240101120000.9999999999999999999Z', '2024-01-01T12:00:00.999Z'],
  ])('reads tag %i %s', (tag, text, expected) => {
    expect(time(tag, text).toISOString()).toBe(expected);
  });

  test.each([
    [Tag.utcTime, '4912312359Z'],
    [Tag.utcTime, '491231235959+0100'],
    [Tag.utcTime, '20491231235959Z'],
    [Tag.generalizedTime, '491231235959Z'],
    [Tag.generalizedTime, '20230229120000Z'],
    [Tag.generalizedTime, '20231301120000Z'],
    [Tag.generalizedTime, '20230001120000Z'],
    [Tag.generalizedTime, '20230100120000Z'],
    [Tag.generalizedTime, '20230101240000Z'],
    [Tag.generalizedTime, '20230101126000Z'],
    [Tag.generalizedTime, '20230101120060Z'],
    [Tag.generalizedTime, '20240101120000.Z'],
    [Tag.generalizedTime, '20240101120000.50Z'],
    [Tag.generalizedTime, '20240101120000,5Z'],
    [Tag.generalizedTime, '20240101120000'],
    [Tag.generalizedTime, '00500101000000Z'],
    [Tag.octetString, '491231235959Z'],
  ])('refuses tag %i %s', (tag, text) => {
    expect(() => time(tag, text)).toThrow(malformed);
  });
});

test('a cursor takes values in order and knows when something is missing, wrong or left over', () => {
  const cursor = sequenceCursor(readDer(derSequence(derInteger(1), derNull())));
  expect(cursor.takeIf(Tag.octetString)).toBeUndefined();
  expect(cursor.take(Tag.integer).contents).toEqual(Uint8Array.of(1));
  expect(() => cursor.take(Tag.integer)).toThrow(malformed);
  expect(() => cursor.end()).toThrow(malformed);
  expect(cursor.rest()).toHaveLength(1);
  cursor.end();
  expect(() => cursor.take()).toThrow(malformed);
  expect(() => sequenceCursor(readDer(derNull()))).toThrow(malformed);
});

test('a prefix is read with what follows ignored, and views stay views', () => {
  const bytes = Uint8Array.of(0x04, 0x01, 0xaa, 0xff, 0xff);
  const value = readDerPrefix(bytes);
  expect(value.raw).toHaveLength(3);
  expect(value.contents.buffer).toBe(bytes.buffer);
});

test('any bytes are read and written back the same, or refused with our error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
      const code = codeOf(() => {
        const { tag, contents } = readDer(bytes);
        expect(der(tag, contents)).toEqual(bytes);
      });
      expect(['accepted', 'der.malformed']).toContain(code);
    }),
    { numRuns: 2000 },
  );
});

test('a run of values is read as the values it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (parts) => {
      const values = readDerAll(readDer(derSequence(...parts.map((part) => derOctetString(part)))).contents);
      expect(values.map(({ contents }) => contents)).toEqual(parts);
    }),
  );
});
