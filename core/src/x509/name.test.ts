import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../encoding/bytes.ts';
import { der, derOid, derSequence, derSetOf, derUtf8String, Tag } from '../encoding/der.ts';
import { encodeName, nameAttributes, nameText } from './name.ts';

const CN = '2.5.4.3';
const name = (...sets: readonly Uint8Array[]) => derSequence(...sets);
const attribute = (oid: string, value: Uint8Array) => derSequence(derOid(oid), value);

test('reads most specific first, as RFC 4514 writes names', () => {
  const encoded = encodeName([
    { type: 'CN', value: 'Acme, Inc.' },
    { type: 'O', value: 'Acme' },
    { type: 'C', value: 'DE' },
  ]);
  expect(nameText(encoded)).toBe('CN=Acme\\, Inc.,O=Acme,C=DE');
  expect(nameAttributes(encoded, 'CN')).toEqual(['Acme, Inc.']);
  expect(nameAttributes(encoded, 'OU')).toEqual([]);
});

describe('special characters are escaped', () => {
  test.each([
    ['a+b', 'CN=a\\+b'],
    ['"quoted"', 'CN=\\"quoted\\"'],
    [' leading', 'CN=\\ leading'],
    ['#hash', 'CN=\\#hash'],
    ['trailing ', 'CN=trailing\\ '],
    [' ', 'CN=\\ '],
    ['back\\slash', 'CN=back\\\\slash'],
    ['two\nlines', 'CN=two\\0alines'],
    ['right\u202eleft', 'CN=right\\e2\\80\\aeleft'],
    ['nul\u0000', 'CN=nul\\00'],
    ['Lučić', 'CN=Lučić'],
  ])('%j', (value, text) => {
    expect(nameText(encodeName([{ type: 'CN', value }]))).toBe(text);
  });
});

test('attributes of one relative name are joined by plus', () => {
  const relative = derSetOf(attribute(CN, derUtf8String('a')), attribute('2.5.4.11', derUtf8String('b')));
  expect(nameText(name(relative))).toBe('CN=a+OU=b');
});

test('values that are no known string appear in hexadecimal, unknown types in dots', () => {
  const odd = der(0x14, Uint8Array.of(0x41));
  expect(nameText(name(derSetOf(attribute('1.2.3.4', odd))))).toBe('1.2.3.4=#140141');
});

test('BMPString is read as UTF-16', () => {
  const value = der(Tag.bmpString, Uint8Array.of(0x00, 0x41, 0x01, 0x07));
  expect(nameText(name(derSetOf(attribute(CN, value))))).toBe('CN=Ać');
});

test.each<[string, Uint8Array]>([
  ['an empty relative name', name(der(Tag.set))],
  ['a SEQUENCE in the place of a SET', name(derSequence(attribute(CN, derUtf8String('a'))))],
  ['a third part', name(derSetOf(derSequence(derOid(CN), derUtf8String('a'), derUtf8String('b'))))],
  ['text that is not UTF-8', name(derSetOf(attribute(CN, der(Tag.utf8String, Uint8Array.of(0xff)))))],
  ['a PrintableString beyond ASCII', name(derSetOf(attribute(CN, der(Tag.printableString, Uint8Array.of(0xe4)))))],
  ['bytes behind it', concatBytes(name(), Uint8Array.of(0))],
])('refuses a name with %s', (_, encoded) => {
  expect(() => nameText(encoded)).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
});

test('no value can break out of its line or pass for a second attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const text = nameText(encodeName([{ type: 'CN', value }]));
      expect(/[\u0000-\u001f\u007f\u2028\u2029]/.test(text)).toBe(false);
      expect(text.replace(/\\./g, '')).not.toMatch(/[,+]/);
    }),
  );
});
