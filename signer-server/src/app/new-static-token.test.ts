import { codeOf, refusalOf } from '@originsign/testkit/error-code';
import { expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { checkStaticTokenText } from '@originsign/core/platforms/static-token';
import { parseSystem } from '@originsign/core/policy/systems';
import { newStaticToken } from './new-static-token.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const make = (name = 'packager', project = 'acme-app', expires = '2027-01-31') =>
  newStaticToken({ name, project, expires }, NOW);

test('a new static token is accepted as one, and no two are the same', () => {
  const tokens = Array.from({ length: 200 }, () => make().token);
  for (const token of tokens) expect(codeOf(() => checkStaticTokenText(token))).toBe('accepted');
  expect(new Set(tokens).size).toBe(200);
});

test.each(['packager', 'true', 'null', '2026', '1e5', '0x10', 'a.b-c_d'])(
  'its entry loads with the name %s, and holds the hash alone',
  (name) => {
    for (let times = 0; times < 20; times += 1) {
      const { token, entry } = make(name, name);
      expect(entry).not.toContain(token.slice(4));
      const text = `version: 1\nid: legacy\ntype: static-token\naddresses: [192.0.2.0/24]\ntokens:\n  - ${entry}\n`;
      const { system, problems } = parseSystem('legacy.yml', text, { trial: false });
      expect(problems).toEqual([]);
      expect(system?.tokens).toEqual([
        { name, project: name, sha256: sha256Hex(utf8(token)), expires: new Date('2027-01-31T00:00:00Z') },
      ]);
    }
  },
);

test.each([
  ['2026-11-22', 'The date is past.'],
  ['2025-01-01', 'The date is past.'],
  ['2027-11-24', 'A static token lives for a year at most.'],
  ['2027-02-30', 'The date must be one as in 2027-01-31.'],
  ['2027-1-31', 'The date must be one as in 2027-01-31.'],
  ['31.01.2027', 'The date must be one as in 2027-01-31.'],
  ['2027-01-31T00:00:00Z', 'The date must be one as in 2027-01-31.'],
  ['', 'The date must be one as in 2027-01-31.'],
])('it is not made to expire on %j', async (expires, message) => {
  const error = await refusalOf(() => make('packager', 'acme-app', expires));
  expect([error.code, error.message]).toEqual(['input.invalid', message]);
});

test('it is made to expire tomorrow, or in a year', () => {
  expect(codeOf(() => make('a', 'b', '2026-11-23'))).toBe('accepted');
  expect(codeOf(() => make('a', 'b', '2027-11-22'))).toBe('accepted');
});

test.each(['', 'A', 'a b', 'a}', '-a', 'a-', 'a"', 'a\nb', 'x'.repeat(65)])('it is not called %j', (word) => {
  expect(codeOf(() => make(word))).toBe('input.invalid');
  expect(codeOf(() => make('a', word))).toBe('input.invalid');
});
