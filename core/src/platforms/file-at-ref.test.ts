import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFileAtRef } from './file-at-ref.ts';

const split = (text: string) =>
  splitFileAtRef(text, 'file_ref', (before) => (/^[^/]+\.yml$/.test(before) ? { file: before } : undefined));

describe('a file at a ref', () => {
  it('is split where both sides have their shape', () => {
    expect(split('a@b.yml@refs/heads/c@d')).toEqual({ file: 'a@b.yml', ref: 'refs/heads/c@d' });
    expect(split(`a.yml@${'0'.repeat(40)}`)).toEqual({ file: 'a.yml', ref: '0'.repeat(40) });
  });

  it.each(['', '@', 'a.yml', 'a.yml@', '@refs/heads/main', 'a.yml@main'])('is refused: %j', (text) => {
    expect(codeOf(() => split(text))).toBe('token.claim_type');
  });

  it('is never split anywhere but where it was joined, whatever its parts are called', () => {
    const part = fc.stringMatching(/^[a-z@.]{1,12}$/);
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), (name, names) => {
        const [file, ref] = [`${name}.yml`, `refs/${names.join('/')}`];
        const code = codeOf(() => split(`${file}@${ref}`));
        expect(['accepted', 'token.claim_type']).toContain(code);
        if (code === 'accepted') expect(split(`${file}@${ref}`)).toEqual({ file, ref });
      }),
    );
  });
});
