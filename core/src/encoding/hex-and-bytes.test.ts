import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, equalBytes, utf8, utf8Text } from './bytes.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { sha256, sha256Hex } from './sha256.ts';

test('hexadecimal is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (value) => {
      expect(decodeHex(encodeHex(value))).toEqual(value);
    }),
  );
});

test.each(['0', 'abc', 'AB', '0G', ' 00', '00 ', '0x00', '00\n', 'ａｂ', '-1'])('hexadecimal refuses %j', (text) => {
  expect(() => decodeHex(text)).toThrow(expect.objectContaining({ code: 'encoding.hex' }));
});

test('hexadecimal of a view leaves out the rest of its buffer', () => {
  expect(encodeHex(Uint8Array.of(1, 2, 3).subarray(1))).toBe('0203');
});

test('SHA-256 of the NIST examples, in one part or several', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256Hex(utf8('abc'))).toBe(abc);
  expect(sha256Hex(utf8('a'), utf8(''), utf8('bc'))).toBe(abc);
  expect(encodeHex(sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('UTF-8 keeps a byte order mark and refuses what is not UTF-8', () => {
  expect(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  expect(utf8Text(utf8('ä€🔏'))).toBe('ä€🔏');
  expect(() => utf8Text(Uint8Array.of(0xc3))).toThrow(TypeError);
});

test('joining and comparing', () => {
  expect(concatBytes()).toEqual(new Uint8Array());
  expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
});
