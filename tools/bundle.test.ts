import { describe, expect, it } from 'vitest';
import { namesFolder } from './bundle.ts';

describe('a bundle that names the folder it was made in', () => {
  it.each(['"/src/core/a.ts"', '// /src', 'file:///src/core', '`/src`'])('is found by %s', (text) => {
    expect(namesFolder(text, '/src')).toBe(true);
  });

  it.each(['// core/src/errors/codes.ts', './src/x', '/srcs/x', 'a/src', ''])('is not found by %s', (text) => {
    expect(namesFolder(text, '/src')).toBe(false);
  });
});
