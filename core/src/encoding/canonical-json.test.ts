import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8, utf8Text } from './bytes.ts';
import { canonicalJson, type Json } from './canonical-json.ts';

test('canonicalises the example of RFC 8785 section 3.2', () => {
  const input = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`;
  expect(canonicalJson(JSON.parse(input) as Json)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('sorts members by UTF-16 code units, as RFC 8785 section 3.2.3', () => {
  const members = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect(canonicalJson(members)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
});

// RFC 8785 appendix B: bit patterns of doubles and their text.
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
])('writes the number %s as %s', (bits, text) => {
  expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
});

test('leaves out members that are undefined', () => {
  expect(canonicalJson({ b: 1, a: undefined, c: { d: undefined } })).toBe('{"b":1,"c":{}}');
});

test('is the same for every order of members and reads back as the same value', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const shuffled = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(shuffled);
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(
      Object.entries(json)
        .reverse()
        .map(([key, member]) => [key, shuffled(member)]),
    );
  };
  fc.assert(
    fc.property(value, (json) => {
      const text = canonicalJson(json);
      expect(canonicalJson(shuffled(json) as Json)).toBe(text);
      // -0 has no text of its own.
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
      expect(utf8Text(utf8(text))).toBe(text);
    }),
  );
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [{ '\udc00': 1 }]])('refuses %j', (value) => {
  expect(() => canonicalJson(value as Json)).toThrow(TypeError);
});
