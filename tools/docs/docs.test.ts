import { describe, expect, it } from 'vitest';
import { renderActionReference } from './action-reference.ts';
import { compareDocuments } from './compare.ts';
import { renderErrorReference } from './error-reference.ts';

describe('generated documents', () => {
  it('are fine where each is what its source says', () => {
    expect(compareDocuments(new Map([['a.md', 'text']]), new Map([['a.md', 'text']]))).toEqual([]);
  });

  it.each([
    ['missing', new Map<string, string>(), 'a.md is missing.'],
    ['stale', new Map([['a.md', 'older text']]), 'a.md is not what its source says today.'],
    [
      'without a source',
      new Map([
        ['a.md', 'text'],
        ['b.md', ''],
      ]),
      'b.md has no source.',
    ],
  ])('are refused where one is %s', (_, found, difference) => {
    expect(compareDocuments(new Map([['a.md', 'text']]), found)).toEqual([difference]);
  });
});

describe('the reference of error codes', () => {
  it('has a row for each code with what it means and what to do', () => {
    const text = renderErrorReference({
      'token.signature': { status: 401, exit: 3, retryable: false, title: 'One | two.', hint: 'try again' },
    });
    expect(text).toContain('## Tokens and issuers');
    expect(text).toContain('| `token.signature` | 401 | 3 |  | One \\| two. | try again |');
  });

  it('keeps a family that no section has', () => {
    const entry = { status: 500, exit: 5, retryable: false, title: 'New.' } as const;
    expect(renderErrorReference({ 'novelty.one': entry })).toContain('| `novelty.one` |');
  });
});

describe('the reference of an action', () => {
  it('has a row for each input and output', () => {
    const text = renderActionReference(
      'actions/sign',
      'name: A\ndescription: Does it.\ninputs:\n  files:\n    description: >-\n      a |\n      b\n    required: true\n  wait: {description: w, default: "true"}\noutputs:\n  status: {description: s}\n',
    );
    expect(text).toContain('| `files` | yes |  | a \\| b |');
    expect(text).toContain('| `wait` |  | `true` | w |');
    expect(text).toContain('| `status` | s |');
  });
});
