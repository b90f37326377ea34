import { readFileSync } from 'node:fs';
import { codeOf, refusalOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { isJsonObject, parseStrictJson, tryStrictJson } from './strict-json.ts';

const parse = (input: string | Uint8Array, maxDepth = 16) => codeOf(() => parseStrictJson(input, { maxDepth }));

describe('refuses what JSON.parse lets pass', () => {
  test.each([
    ['a key twice', '{"a":1,"a":1}', 'json.duplicate_key'],
    ['a key twice, once escaped', String.raw`{"a":1,"\u0061":2}`, 'json.duplicate_key'],
    ['a key twice, deep inside', '{"x":[{"y":{"a":1,"a":2}}]}', 'json.duplicate_key'],
    ['an empty key twice', '{"":1,"":2}', 'json.duplicate_key'],
    ['__proto__', '{"__proto__":{}}', 'json.forbidden_key'],
    ['__proto__, escaped', String.raw`{"\u005f_proto__":{}}`, 'json.forbidden_key'],
    ['constructor', '{"a":{"constructor":1}}', 'json.forbidden_key'],
    ['prototype', '[{"prototype":1}]', 'json.forbidden_key'],
    ['a number that overflows', '1e400', 'json.malformed'],
    ['a lone surrogate in a string', String.raw`"\ud800"`, 'json.malformed'],
    ['a lone surrogate in a key', String.raw`{"\udc00":1}`, 'json.malformed'],
    ['a raw lone surrogate', '"\ud800"', 'json.malformed'],
    ['17 levels', '['.repeat(17) + ']'.repeat(17), 'json.too_deep'],
    ['10,000 levels', '['.repeat(10_000), 'json.too_deep'],
    ['100,000 levels of objects', '{"a":'.repeat(100_000), 'json.too_deep'],
  ])('%s', (_, input, code) => {
    expect(parse(input)).toBe(code);
  });
});

test('counts values at every level where they are limited', () => {
  const limited = (text: string) => codeOf(() => parseStrictJson(text, { maxValues: 4 }));
  expect(['{"a":[1,2]}', '[[[[]]]]', '[1,2,3]'].map(limited)).toEqual(Array(3).fill('accepted'));
  expect(['{"a":[1,2,3]}', '[[[[[]]]]]', '[1,2,3,4]'].map(limited)).toEqual(Array(3).fill('json.malformed'));
});

describe('refuses what is not JSON', () => {
  test.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    "{'a':1}",
    'nul',
    'nulll',
    'True',
    'NaN',
    'Infinity',
    '-',
    '+1',
    '01',
    '-01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    '1 2',
    '1,',
    '"',
    '"\\"',
    String.raw`"\x"`,
    String.raw`"\u12"`,
    '"\n"',
    '"\u0000"',
    '"a" "b"',
    '// c\n1',
    '/**/1',
    '\ufeff{}',
    '\u00a01',
    '[1}',
    '{"a":1]',
  ])('%j', (input) => {
    expect(parse(input)).toBe('json.malformed');
  });

  test.each([
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)],
    ['an invalid byte', Uint8Array.of(0x22, 0xff, 0x22)],
    ['an overlong form', Uint8Array.of(0x22, 0xc0, 0x80, 0x22)],
    ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['UTF-16', new Uint8Array(Buffer.from('{}', 'utf16le'))],
  ])('bytes with %s', (_, bytes) => {
    expect(parse(bytes)).toBe('json.malformed');
  });
});

test('reads exactly as many levels as asked for, and 16 where nothing is said', () => {
  expect(parseStrictJson('['.repeat(16) + ']'.repeat(16))).toHaveLength(1);
  expect(codeOf(() => parseStrictJson('['.repeat(17)))).toBe('json.too_deep');
  expect(parse('[[1]]', 1)).toBe('json.too_deep');
  expect(parse('[1]', 1)).toBe('accepted');
  expect(parse('1', 0)).toBe('accepted');
  expect(parse('[[],[],[]]', 2)).toBe('accepted');
});

test('reads every document that JSON.parse reads, as the same value', () => {
  const value = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' });
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, '\t'), (document, indent) => {
      const text = JSON.stringify(document, null, indent);
      // Keys that only the strict parser refuses are the subject of the tests above.
      fc.pre(!/"(?:__proto__|constructor|prototype)"/.test(text));
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      expect(parseStrictJson(utf8(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('never accepts a text that JSON.parse refuses', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-',
    '.5',
    'e1',
    'true',
    'null',
    ' ',
    '\\',
    '"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const strict = tryStrictJson(text);
      expect(strict).toEqual(strict === undefined ? undefined : JSON.parse(text));
    }),
    { numRuns: 2000 },
  );
});

test('names the path of a repeated key and never its value', async () => {
  const error = await refusalOf(() => parseStrictJson('{"tokens":[{"ci":"secret-1","ci":"secret-2"}]}'));
  expect(error.message).toContain('tokens.0.ci');
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('secret');
});

test('reads a long string without a stack of its length', () => {
  const text = 'x'.repeat(1_000_000);
  expect(parseStrictJson(`["${text}\\n${text}"]`)).toEqual([`${text}\n${text}`]);
});

test('reads a string of a million escapes', () => {
  expect(parseStrictJson(`"${String.raw`\n`.repeat(1_000_000)}"`)).toHaveLength(1_000_000);
});

test('reads many keys below long ones without copying the long ones each time', () => {
  const long = 'k'.repeat(60_000);
  const inner = Array.from({ length: 100_000 }, (_, index) => `"${index}":0`).join(',');
  const text = `${`{"${long}":`.repeat(15)}{${inner}}${'}'.repeat(15)}`;
  // Copying 900 kB for each of 100,000 keys would take minutes and end in the time limit of the runner.
  expect(parseStrictJson(text)).toBeTypeOf('object');
});

test('reads negative zero and large numbers as JSON.parse does', () => {
  expect(Object.is(parseStrictJson('-0'), -0)).toBe(true);
  expect(parseStrictJson('9007199254740993')).toBe(9007199254740992);
  expect(parseStrictJson('1E-400')).toBe(0);
});

test('tells objects from lists and null', () => {
  expect([{}, [], null, 'x', undefined].map((value) => isJsonObject(value))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('parses its own package description', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});
