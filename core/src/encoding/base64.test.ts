import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from './base64.ts';
import { utf8 } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

// RFC 4648 section 10.
const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const;

describe.each(VECTORS)('the RFC 4648 vector %j', (text, encoded) => {
  test('in base64', () => {
    expect(encodeBase64(utf8(text))).toBe(encoded);
    expect(decodeBase64(encoded)).toEqual(utf8(text));
  });
  test('in base64url without padding', () => {
    const unpadded = encoded.replaceAll('=', '');
    expect(encodeBase64url(utf8(text))).toBe(unpadded);
    expect(decodeBase64url(unpadded)).toEqual(utf8(text));
  });
});

test('both alphabets are read back', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(decodeBase64(encodeBase64(value))).toEqual(value);
      expect(decodeBase64url(encodeBase64url(value))).toEqual(value);
    }),
  );
});

test('a text that decodes is the one that its bytes encode to', () => {
  const text = fc.string({ unit: fc.constantFrom(...'AQgw159/+-_=zZ \n'.split('')), maxLength: 8 });
  fc.assert(
    fc.property(text, (value) => {
      for (const [decode, encode] of [
        [decodeBase64, encodeBase64],
        [decodeBase64url, encodeBase64url],
      ] as const) {
        const code = codeOf(() => expect(encode(decode(value))).toBe(value));
        expect(['accepted', 'encoding.base64']).toContain(code);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  'Zg=',
  'Zg',
  'Zg===',
  'Zh==',
  'Zm9=',
  'Zm9v\n',
  ' Zm9v',
  'Zm9v ',
  'Zm 9v',
  'Zm-_',
  'Zm9v=',
  'Z',
  '=',
  'Zm9v====',
  'Zg==Zg==',
  'Zm9vé',
])('base64 refuses %j', (text) => {
  expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'encoding.base64' }));
});

test.each(['Zg==', 'Zh', 'Zm9', 'Zm9v\n', 'Zm+/', 'Z', '=', 'Zm9v.', 'Zm9v\u0000'])('base64url refuses %j', (text) => {
  expect(() => decodeBase64url(text)).toThrow(expect.objectContaining({ code: 'encoding.base64' }));
});

test('of all spellings of the last character of 64 bytes one is accepted', () => {
  const canonical = encodeBase64url(new Uint8Array(64).fill(7));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const accepted = alphabet.split('').filter((last) => {
    try {
      return decodeBase64url(canonical.slice(0, -1) + last).length === 64;
    } catch {
      return false;
    }
  });
  // Two bits of the last character are used, so four of 64 spellings are canonical, each for other bytes.
  expect(accepted).toEqual(['A', 'Q', 'g', 'w']);
});

test('encodes a view without the rest of its buffer', () => {
  const whole = Uint8Array.of(1, 2, 3, 4, 5);
  expect(encodeBase64(whole.subarray(1, 3))).toBe('AgM=');
});
