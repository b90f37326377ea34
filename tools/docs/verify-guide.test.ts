import { readFileSync } from 'node:fs';
import { CODE_TABLE, CODES } from '@originsign/core/errors/codes';
import { CHECK_NAMES } from '@originsign/core/verify/report';
import { describe, expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/verify.md', import.meta.url), 'utf8');
const rows = (heading: string): readonly string[] => {
  const [, section = ''] = text.split(`## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| `([a-z_.]+)` /gm)].map(([, name = '']) => name);
};

describe('the guide to verification', () => {
  it('explains every check, in the order in which they are made', () => {
    expect(rows('What each check means')).toEqual([...CHECK_NAMES]);
  });

  it('explains every code of verification, and none that exits otherwise', () => {
    const explained = rows('When it fails');
    // verify.log is of the command that verifies the whole log.
    const all = Object.keys(CODES).filter((code) => code.startsWith('verify.') && code !== 'verify.log');
    expect([...explained].sort()).toEqual(expect.arrayContaining(all.sort()));
    for (const code of explained) expect(CODE_TABLE[code as keyof typeof CODES].exit).toBe(1);
  });
});
