import { describe, expect, it } from 'vitest';
import { parseSubject } from './certificate-request.ts';

describe('the subject of a certificate request', () => {
  it('keeps the order of its attributes, and what a backslash protects', () => {
    expect(parseSubject('CN=Acme Release, O=Acme\\, Inc., C=DE')).toEqual([
      { type: 'CN', value: 'Acme Release' },
      { type: 'O', value: 'Acme, Inc.' },
      { type: 'C', value: 'DE' },
    ]);
  });

  it.each([
    ['an attribute that no certificate authority asks for', 'CN=a,X=b', 'input.invalid'],
    ['an attribute without a value', 'CN=a,O=', 'input.invalid'],
    ['text without attributes', 'Acme', 'input.invalid'],
    ['no common name', 'O=Acme', 'input.missing'],
    ['nothing', '', 'input.missing'],
  ])('refuses %s', (_what, text, code) => {
    expect(() => parseSubject(text)).toThrowError(expect.objectContaining({ code }));
  });
});
