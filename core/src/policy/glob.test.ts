import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, parseGlob } from './glob.ts';

const matches = (pattern: string, text: string): boolean => {
  const glob = parseGlob(pattern);
  if (typeof glob === 'string') throw new Error(glob);
  return matchesGlob(glob, text);
};

describe('a pattern', () => {
  it.each([
    ['refs/tags/v*', 'refs/tags/v1.4.0', true],
    ['refs/tags/v*', 'refs/tags/v', true],
    ['refs/tags/v*', 'refs/tags/v1/evil', false],
    ['refs/tags/v*', 'refs/tags/x1', false],
    ['refs/tags/v*', 'xrefs/tags/v1', false],
    ['refs/tags/v*', 'refs/tags/v1\n', true],
    ['refs/heads/*', 'refs/heads/main', true],
    ['refs/heads/*', 'refs/heads/', false],
    ['refs/heads/*', 'refs/heads/a/b', false],
    ['refs/heads/**', 'refs/heads/a', true],
    ['refs/heads/**', 'refs/heads/a/b/c', true],
    ['refs/heads/**', 'refs/heads', false],
    ['refs/heads/**', 'refs/heads/', false],
    ['refs/heads/**', 'refs/headsx/a', false],
    ['refs/**/release', 'refs/release', true],
    ['refs/**/release', 'refs/heads/a/release', true],
    ['refs/**/release', 'refs/heads/a/releases', false],
    ['**', 'a', true],
    ['**', '', false],
    ['**/x', 'x', true],
    ['**/*.exe', 'a/b/c.exe', true],
    ['*.exe', 'a/c.exe', false],
    ['acme-*-x64-*.exe', 'acme-1-x64-2.exe', true],
    ['acme-*-x64-*.exe', 'acme-1-x86-2.exe', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*ab*ab*', 'ab', false],
    ['https://git.acme.example/*/app', 'https://git.acme.example/team/app', true],
    ['*', '', false],
    ['.github/workflows/release.yml', '.github/workflows/releaseXyml', false],
    ['Main', 'main', false],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each(['', 'a**', '**a', 'refs/v**/x', '***', 'v?', 'v[0-9]', '{a,b}', 'a\\*', '!a', 'x'.repeat(513)])(
    'is refused where it has a form without meaning: %s',
    (pattern) => {
      expect(typeof parseGlob(pattern)).toBe('string');
    },
  );
});

/** Tries every way in which wildcards can stand for text; exponential, and plainly right. */
function naive(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '**') {
    if (rest.length === 0) return text.length > 0 && text.at(-1) !== '';
    return text.some((_, skipped) => naive(rest, text.slice(skipped))) || naive(rest, []);
  }
  const [segment, ...more] = text;
  return segment !== undefined && naiveSegment(first.split(''), segment.split(''), first === '*') && naive(rest, more);
}

function naiveSegment(pattern: readonly string[], text: readonly string[], whole = false): boolean {
  if (whole && text.length === 0) return false;
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first !== '*') return text[0] === first && naiveSegment(rest, text.slice(1));
  return [...text, ''].some((_, taken) => naiveSegment(rest, text.slice(taken)));
}

describe('matching', () => {
  const patterns = fc
    .array(fc.oneof(fc.constant('**'), fc.stringMatching(/^[ab*]{0,4}$/)), { minLength: 1, maxLength: 5 })
    .map((segments) => segments.join('/'))
    .filter((pattern) => typeof parseGlob(pattern) !== 'string');
  const texts = fc.array(fc.stringMatching(/^[ab]{0,3}$/), { minLength: 1, maxLength: 6 }).map((s) => s.join('/'));

  it('agrees with trying everything', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matches(pattern, text)).toBe(naive(pattern.split('/'), text.split('/')));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with trying everything on texts that the pattern was made from', () => {
    const filled = patterns.chain((pattern) => {
      const fill = fc.array(fc.constantFrom('', 'a', 'b', 'ab', 'a/b'), { minLength: 12, maxLength: 12 });
      return fc.tuple(
        fc.constant(pattern),
        fill.map((parts) => pattern.replace(/\*+/g, () => parts.pop() ?? '')),
      );
    });
    fc.assert(
      fc.property(filled, ([pattern, text]) => {
        expect(matches(pattern, text)).toBe(naive(pattern.split('/'), text.split('/')));
      }),
      { numRuns: 3000 },
    );
  });

  it('a text without wildcards matches itself alone', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => text !== ''),
        texts,
        (pattern, text) => {
          expect(matches(pattern, text)).toBe(pattern === text);
        },
      ),
    );
  });

  it('a star never crosses a slash', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z*]{1,6}$/).filter((p) => !p.includes('**')),
        texts,
        (pattern, text) => {
          expect(matches(pattern, `${text}/x`)).toBe(false);
        },
      ),
    );
  });

  it('ends soon where trying everything would not', () => {
    const text = `${'a'.repeat(4000)}b`;
    expect(matches(`${'a*'.repeat(200)}c`, text)).toBe(false);
    expect(matches(`${'**/a/'.repeat(100)}c`, 'a/'.repeat(2000))).toBe(false);
  });
});
