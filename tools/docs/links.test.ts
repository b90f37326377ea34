import { describe, expect, it } from 'vitest';
import { readFiles, REPOSITORY } from '../architecture/repository.ts';
import { brokenLinks } from './links.ts';

describe('links between documents', () => {
  it('lead to files of the repository', () => {
    expect(brokenLinks(readFiles(REPOSITORY))).toEqual([]);
  });

  it.each(['[a](b.md)', '[a](../c/d.ts)', '[a](spec/)', '[a `b`](b.md#part)'])('are found broken in %j', (text) => {
    expect(brokenLinks(new Map([['docs/a.md', text]]))).toHaveLength(1);
  });

  it('are fine to files, folders, parts of the same page and other places', () => {
    const text =
      '[a](b.md#x) [b](spec) [c](spec/) [d](#here) [e](https://example.org/x) `[f](none.md)`\n```\n[g](none.md)\n```\n';
    const files = new Map([
      ['docs/a.md', text],
      ['docs/b.md', ''],
      ['docs/spec/c.md', ''],
    ]);
    expect(brokenLinks(files)).toEqual([]);
  });
});
