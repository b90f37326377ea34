import { describe, expect, it } from 'vitest';
import type { TokenSource } from './ci/token-source.ts';
import { keyForRequest } from './one-use-key-pair.ts';

const source = (renewable: boolean): TokenSource => ({
  platform: 'given',
  renewable,
  token: () => Promise.resolve('a.b.c'),
});

describe('the key of a request', () => {
  it('is a new one where every request has a token of its own', () => {
    const tokens = source(true);
    expect(keyForRequest(tokens).jwk).not.toEqual(keyForRequest(tokens).jwk);
  });

  it('is the same for all requests by the one token of a job, and for no others', () => {
    const tokens = source(false);
    expect(keyForRequest(tokens)).toBe(keyForRequest(tokens));
    expect(keyForRequest(source(false)).jwk).not.toEqual(keyForRequest(tokens).jwk);
  });
});
