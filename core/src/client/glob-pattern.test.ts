import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandBraces, matchesSegment, matchesSegments } from './glob-pattern.ts';

describe('glob patterns', () => {
  it.each([
    ['*.exe', 'app.exe', true],
    ['*.exe', 'app.exe.bak', false],
    ['?.exe', 'a.exe', true],
    ['?.exe', '.exe', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['?', '😀', true],
    ['*', '', true],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(matchesSegment(pattern, text)).toBe(expected);
  });

  it.each([
    ['**/x', 'x', true],
    ['**/x', 'a/b/x', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/c/d/b', true],
    ['a/*/b', 'a/c/d/b', false],
    ['a/**', 'a/b/c', true],
    ['*/b', 'a/b', true],
    ['*', 'a/b', false],
  ])('%s against the path %s is %s', (pattern, path, expected) => {
    expect(matchesSegments(pattern.split('/'), path.split('/'))).toBe(expected);
  });

  it('expands nested braces, each alternative once', () => {
    expect(expandBraces('a{b,c{d,e}}f')).toEqual(['abf', 'acdf', 'acef']);
    expect(expandBraces('plain')).toEqual(['plain']);
    expect(expandBraces('a{,b}')).toEqual(['a', 'ab']);
  });

  it('agrees with the definition of a wildcard', () => {
    const letters = fc.constantFrom('a', 'b', '*', '?');
    const reference = (pattern: string, text: string): boolean => {
      if (pattern === '') return text === '';
      if (pattern[0] === '*')
        return reference(pattern.slice(1), text) || (text !== '' && reference(pattern, text.slice(1)));
      return (
        text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && reference(pattern.slice(1), text.slice(1))
      );
    };
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 }),
        (pattern, text) => {
          expect(matchesSegment(pattern, text)).toBe(reference(pattern, text));
        },
      ),
    );
  });

  it('takes no exponential time for a hostile pattern', () => {
    expect(matchesSegment(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
