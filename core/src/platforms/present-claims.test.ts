import { describe, expect, it } from 'vitest';
import { presentClaims } from './present-claims.ts';

describe('claims that are null', () => {
  it('are not there, and everything else is as it was', () => {
    expect(presentClaims({ a: null, b: false, c: '', d: 0, e: [null] })).toEqual({ b: false, c: '', d: 0, e: [null] });
  });

  it.each([null, 'x', 7, [null]])('of no object are left to whoever reads them: %j', (payload) => {
    expect(presentClaims(payload)).toBe(payload);
  });
});
