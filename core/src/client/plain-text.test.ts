import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it.each([
    ['a\n::add-path::/evil', 'a ::add-path::/evil'],
    ['\u001b[31mred', ' [31mred'],
    ['exe\u202Etxt.gpj', 'exe txt.gpj'],
    ['a\u2028b\u200Bc\u0000d', 'a b c d'],
    ['\ud800', '\ufffd'],
    ['    ::stop-commands::x', '    : :stop-commands::x'],
    ['::error file=a:b::x', ': :error file=a:b::x'],
    ['signed ##[set-output name=files]x.exe', 'signed # #[set-output name=files]x.exe'],
    ['###vso[task.setvariable variable=a]b', '## #vso[task.setvariable variable=a]b'],
    ['::1 and a::b#c', '::1 and a::b#c'],
    ['ünïcode — 😀', 'ünïcode — 😀'],
  ])('prints %j as %j', (text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it('cuts what is longer than anybody reads', () => {
    expect(plainText('abcdef', 3)).toBe('abc…');
  });
});
