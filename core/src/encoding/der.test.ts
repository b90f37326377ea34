import * as asn1js from 'asn1js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import * as write from './der.ts';
import { oidText, readDer, readDerTime, smallInteger, unsignedBytes } from './der-reader.ts';
import { decodeHex, encodeHex } from './hex.ts';

/** What the foreign reader makes of the bytes; it must have read all of them. */
function foreign(bytes: Uint8Array): asn1js.AsnType {
  const { offset, result } = asn1js.fromBER(bytes);
  expect(offset).toBe(bytes.length);
  return result;
}

describe('writes what another reader reads', () => {
  test('integers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 300n }), (value) => {
        const bytes = write.derInteger(value);
        expect((foreign(bytes) as asn1js.Integer).toBigInt()).toBe(value);
        expect(BigInt(`0x${encodeHex(unsignedBytes(readDer(bytes)))}`)).toBe(value);
      }),
    );
  });

  test('object identifiers', () => {
    const arc = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    const head = fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 39 })),
      fc.tuple(fc.constant(2), fc.integer({ min: 0, max: 999 })),
    );
    fc.assert(
      fc.property(head, fc.array(arc, { minLength: 1, maxLength: 8 }), (first, rest) => {
        const dotted = [...first, ...rest].join('.');
        const bytes = write.derOid(dotted);
        expect((foreign(bytes) as asn1js.ObjectIdentifier).getValue()).toBe(dotted);
        expect(oidText(readDer(bytes))).toBe(dotted);
      }),
    );
  });

  test('octet strings of every form of length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const bytes = write.derOctetString(new Uint8Array(length));
      expect((foreign(bytes) as asn1js.OctetString).getValue().byteLength).toBe(length);
      expect(readDer(bytes).contents).toHaveLength(length);
    }
  });

  test('times on both sides of 2050, whole seconds', () => {
    const time = fc.date({
      min: new Date('1950-01-01T00:00:00Z'),
      max: new Date('2200-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, (date) => {
        const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const bytes = write.derTime(date);
        expect((foreign(bytes) as asn1js.UTCTime).toDate()).toEqual(seconds);
        expect(readDerTime(readDer(bytes))).toEqual(seconds);
      }),
    );
  });
});

// X.690 and well-known encodings.
test.each([
  ['1.2.840.113549.1.1.11', write.derOid('1.2.840.113549.1.1.11'), '06092a864886f70d01010b'],
  ['2.5.4.3', write.derOid('2.5.4.3'), '0603550403'],
  ['2.999.3', write.derOid('2.999.3'), '0603883703'],
  ['0', write.derInteger(0), '020100'],
  ['127', write.derInteger(127), '02017f'],
  ['128', write.derInteger(128), '02020080'],
  ['256', write.derInteger(256), '02020100'],
  ['bytes with leading zeros', write.derInteger(Uint8Array.of(0, 0, 0x80)), '02020080'],
  ['no bytes', write.derInteger(new Uint8Array()), '020100'],
  ['true', write.derBoolean(true), '0101ff'],
  ['false', write.derBoolean(false), '010100'],
  ['null', write.derNull(), '0500'],
  ['text', write.derUtf8String('é'), '0c02c3a9'],
  ['bits', write.derBitString(Uint8Array.of(0xab)), '030200ab'],
  ['a sequence', write.derSequence(write.derNull(), write.derNull()), '300405000500'],
  ['[0] explicit', write.derContext(0, write.derNull()), 'a0020500'],
  ['[1] implicit', write.derContextPrimitive(1, utf8('a')), '810161'],
  [
    'a set, sorted',
    write.derSetOf(write.derInteger(2), write.derInteger(1), write.derNull()),
    '3108020101020102' + '0500',
  ],
  ['UTCTime', write.derTime(new Date('2049-12-31T23:59:59.999Z')), `170d${encodeHex(utf8('491231235959Z'))}`],
  ['GeneralizedTime', write.derTime(new Date('2050-01-01T00:00:00Z')), `180f${encodeHex(utf8('20500101000000Z'))}`],
])('writes %s', (_, bytes, hex) => {
  expect(encodeHex(bytes)).toBe(hex);
});

test.each(['', '1', '3.1', '0.40', '1.99', 'a.b', '1.2.-3'])(
  'the identifier %j is a mistake of the caller',
  (dotted) => {
    expect(() => write.derOid(dotted)).toThrow(TypeError);
  },
);

test('a negative integer is a mistake of the caller', () => {
  expect(() => write.derInteger(-1)).toThrow(TypeError);
});

test('small integers are read up to 48 bits', () => {
  expect(smallInteger(readDer(write.derInteger(2 ** 48 - 1)))).toBe(2 ** 48 - 1);
  expect(() => smallInteger(readDer(write.derInteger(2 ** 48)))).toThrow(
    expect.objectContaining({ code: 'der.malformed' }),
  );
  expect(decodeHex('00')).toEqual(Uint8Array.of(0));
});
