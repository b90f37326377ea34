import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { der, derOid, derSequence, derSetOf, derUtf8String, Tag } from '../encoding/der.ts';
import { canonicalName } from './name-reader.ts';
import { encodeName, nameText } from './name.ts';

describe('spellings of one name have one text', () => {
  test.each<[string, string]>([
    ['CN=build-07,OU=Build Nodes,O=Acme', 'CN=build-07,OU=Build Nodes,O=Acme'],
    ['cn = build-07 , ou = Build Nodes , o = Acme ', 'CN=build-07,OU=Build Nodes,O=Acme'],
    ['2.5.4.3=build-07', 'CN=build-07'],
    ['OID.2.5.4.3=build-07', 'CN=build-07'],
    ['CN=build-07, S=Bavaria, E=ops@acme.example', 'CN=build-07,ST=Bavaria,emailAddress=ops@acme.example'],
    ['O="Acme, Inc.", C=DE', 'O=Acme\\, Inc.,C=DE'],
    ['O="Acme ""North"", Inc."', 'O=Acme \\"North\\"\\, Inc.'],
    ['O=Acme\\, Inc.', 'O=Acme\\, Inc.'],
    ['O=Acme\\2c Inc.', 'O=Acme\\, Inc.'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'CN=Lučić'],
    ['CN=\\ a\\ ', 'CN=\\ a\\ '],
    ['CN=" a "', 'CN=\\ a\\ '],
    ['CN=a\\\\ ,O=b', 'CN=a\\\\,O=b'],
    ['CN=\\#a#b', 'CN=\\#a#b'],
    ['CN=a=b', 'CN=a=b'],
    ['CN=a\\=b', 'CN=a=b'],
    ['OU=b+CN=a', 'CN=a+OU=b'],
    ['CN=#0c0161', 'CN=a'],
    ['1.2.3.4=#140141', '1.2.3.4=#140141'],
    ['1.2.3.4=#0C0141', '1.2.3.4=A'],
    ['CN=', 'CN='],
    ['CN=,O=a', 'CN=,O=a'],
    ['CN=😀', 'CN=😀'],
  ])('%s', (written, canonical) => {
    expect(canonicalName(written)).toBe(canonical);
  });
});

describe('refuses', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /not written TYPE=value/],
    ['no type', '=a', /not written TYPE=value/],
    ['no value sign', 'build-07', /not written TYPE=value/],
    ['a comma at the end', 'CN=a,', /not written TYPE=value/],
    ['two commas', 'CN=a,,O=b', /not written TYPE=value/],
    ['a plus at the end', 'CN=a+', /not written TYPE=value/],
    ['the form of openssl -oneline', '/C=DE/CN=a', /in the form/],
    ['an unknown type', 'CNN=a', /type "CNN", which is not known/],
    ['a type from the prototype of objects', 'constructor=a', /not known/],
    ['a dotted type with a leading zero', '2.05.4=a', /not known/],
    ['a dotted type that cannot be', '1.40=a', /no object identifier/],
    ['a semicolon', 'CN=a;O=b', /; inside a value/],
    ['a quote inside', 'CN=a"b"', /" inside a value/],
    ['text behind a quote', 'CN="a"b', /"b" where/],
    ['an open quote', 'CN="a', /quote that is not closed/],
    ['an angle bracket', 'CN=<a>', /< inside a value/],
    ['a hash that is not hexadecimal', 'CN=#xyz', /not DER/],
    ['a hash of half an octet', 'CN=#0c016', /not DER/],
    ['a hash of DER that is cut short', 'CN=#0c02', /not DER/],
    ['a hash of a string that is not UTF-8', 'CN=#0c01ff', /not DER/],
    ['a backslash before a letter', 'CN=\\zebra', /needs none/],
    ['a backslash at the end', 'CN=a\\', /needs none/],
    ['a line break', 'CN=a\nb', /control or direction/],
    ['an escaped line break', 'CN=a\\0ab', /control or direction/],
    ['an escaped NUL', 'CN=a\\00', /control or direction/],
    ['a NUL in a hash', 'CN=#0c0100', /control or direction/],
    ['a direction override', 'CN=a\u202eb', /control or direction/],
    ['a line break in quotes', 'CN="a\nb"', /control or direction/],
    ['octets that are not UTF-8', 'CN=\\ff', /not UTF-8/],
    ['a name without end', `CN=${'a'.repeat(3000)}`, /longer than/],
  ])('%s', (_, written, reason) => {
    expect(() => canonicalName(written)).toThrowError(expect.objectContaining({ code: 'input.invalid' }));
    expect(() => canonicalName(written)).toThrowError(reason);
  });
});

const stringTypes = [Tag.utf8String, Tag.bmpString] as const;
const visible = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text));
const special = fc.string({ unit: fc.constantFrom(' ', '#', ',', '+', '"', '\\', ';', '<', '=', '>', 'a', '0') });
const attribute = fc.record({
  oid: fc.constantFrom('2.5.4.3', '2.5.4.11', '2.5.4.10', '1.2.840.113549.1.9.1', '1.2.3.4'),
  text: fc.oneof(visible, special),
  type: fc.constantFrom(...stringTypes),
});
type Attribute = { readonly oid: string; readonly text: string; readonly type: number };
const names = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

function encoded(name: readonly (readonly Attribute[])[], type?: number): Uint8Array {
  const value = (attribute: Attribute): Uint8Array =>
    (type ?? attribute.type) === Tag.bmpString
      ? der(Tag.bmpString, Buffer.from(attribute.text, 'utf16le').swap16())
      : derUtf8String(attribute.text);
  return derSequence(...name.map((set) => derSetOf(...set.map((a) => derSequence(derOid(a.oid), value(a))))));
}

/** What two names must share to be one: the sets of types and characters, in order. */
function meaning(name: readonly (readonly Attribute[])[]): string {
  return JSON.stringify(name.map((set) => set.map(({ oid, text }) => JSON.stringify([oid, text])).sort()));
}

test('the text of a name from DER is its own canonical form', () => {
  fc.assert(
    fc.property(names, (name) => {
      const text = nameText(encoded(name));
      fc.pre(text.length <= 2048);
      expect(canonicalName(text)).toBe(text);
    }),
  );
});

test('names have the same text exactly where they mean the same, whatever their string types', () => {
  fc.assert(
    fc.property(names, names, (left, right) => {
      expect(nameText(encoded(left)) === nameText(encoded(right))).toBe(meaning(left) === meaning(right));
      expect(nameText(encoded(left, Tag.utf8String))).toBe(nameText(encoded(left, Tag.bmpString)));
    }),
    { numRuns: 300 },
  );
});

test('names of one relative name that differ in a character differ in their text', () => {
  fc.assert(
    fc.property(special, special, (left, right) => {
      const text = (value: string): string => nameText(encodeName([{ type: 'CN', value }]));
      expect(text(left) === text(right)).toBe(left === right);
    }),
    { numRuns: 500 },
  );
});
