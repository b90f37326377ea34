import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8, utf8Text } from './bytes.ts';
import { preAuthenticationEncoding } from './pae.ts';

test('encodes the example of the DSSE protocol', () => {
  const encoding = preAuthenticationEncoding('http://example.com/HelloWorld', utf8('hello world'));
  expect(utf8Text(encoding)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

test('counts bytes and not characters', () => {
  expect(utf8Text(preAuthenticationEncoding('ü', utf8('€')))).toBe('DSSEv1 2 ü 3 €');
});

test('encodes nothing as lengths of zero', () => {
  expect(utf8Text(preAuthenticationEncoding('', new Uint8Array()))).toBe('DSSEv1 0  0 ');
});

test('two different pairs never have one encoding', () => {
  const part = fc.string({ unit: fc.constantFrom('a', ' ', '1', '2', 'ü'), maxLength: 6 });
  fc.assert(
    fc.property(part, part, part, part, (type, payload, otherType, otherPayload) => {
      fc.pre(type !== otherType || payload !== otherPayload);
      const left = utf8Text(preAuthenticationEncoding(type, utf8(payload)));
      expect(left).not.toBe(utf8Text(preAuthenticationEncoding(otherType, utf8(otherPayload))));
    }),
    { numRuns: 1000 },
  );
});
