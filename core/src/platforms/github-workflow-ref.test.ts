import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWorkflowRef, workflowRefText } from './github-workflow-ref.ts';

const SHA = '6b906a4153c61a2486973a1347db8300dc9ce3ee';
const parse = (text: string) => parseWorkflowRef(text, 'workflow_ref');

describe('a workflow ref', () => {
  it.each([
    ['a tag', 'acme/app/.github/workflows/release.yml@refs/tags/v1', '.github/workflows/release.yml', 'refs/tags/v1'],
    ['a commit', `acme/app/.github/workflows/release.yaml@${SHA}`, '.github/workflows/release.yaml', SHA],
    [
      'a file name with @',
      'acme/app/.github/workflows/a@b.yml@refs/heads/main',
      '.github/workflows/a@b.yml',
      'refs/heads/main',
    ],
    [
      'a branch with @',
      'acme/app/.github/workflows/a.yml@refs/heads/user@fix',
      '.github/workflows/a.yml',
      'refs/heads/user@fix',
    ],
    ['@ in both', 'acme/app/.github/workflows/a@b.yml@refs/heads/c@d', '.github/workflows/a@b.yml', 'refs/heads/c@d'],
    [
      'a branch that ends like a commit',
      `acme/app/.github/workflows/a.yml@refs/heads/x@${SHA}`,
      '.github/workflows/a.yml',
      `refs/heads/x@${SHA}`,
    ],
    [
      'a branch that ends like another workflow ref',
      'acme/app/.github/workflows/evil.yml@refs/heads/x/.github/workflows/release.yml@refs/tags/v1',
      '.github/workflows/evil.yml',
      'refs/heads/x/.github/workflows/release.yml@refs/tags/v1',
    ],
    [
      'a file that is called like a workflow at a commit',
      `acme/app/.github/workflows/release.yml@${SHA}.yml@refs/heads/x`,
      `.github/workflows/release.yml@${SHA}.yml`,
      'refs/heads/x',
    ],
  ])('is split with %s', (_, text, path, ref) => {
    expect(parse(text)).toEqual({ repository: 'acme/app', path, ref });
    expect(workflowRefText(parse(text))).toBe(text);
  });

  it.each([
    ['no @', 'acme/app/.github/workflows/release.yml'],
    ['nothing after @', 'acme/app/.github/workflows/release.yml@'],
    ['a short ref', 'acme/app/.github/workflows/release.yml@main'],
    ['a short commit', 'acme/app/.github/workflows/release.yml@6b906a4'],
    ['an upper-case commit', `acme/app/.github/workflows/release.yml@${SHA.toUpperCase()}`],
    ['no repository', '.github/workflows/release.yml@refs/heads/main'],
    ['only an owner', 'acme/.github/workflows/release.yml@refs/heads/main'],
    ['another folder', 'acme/app/workflows/release.yml@refs/heads/main'],
    ['a deeper folder', 'acme/app/.github/workflows/deep/release.yml@refs/heads/main'],
    ['another ending', 'acme/app/.github/workflows/release.json@refs/heads/main'],
    ['a leading @', '@refs/heads/main'],
    ['a workflow that GitHub runs by itself', 'acme/app/dynamic/github-code-scanning/codeql@refs/heads/main'],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => parse(text))).toBe('token.claim_type');
  });

  it('has one reading, whatever files and refs are called', () => {
    const part = fc.stringMatching(/^[a-z@.]{1,8}$/);
    const path = part.map((name) => `.github/workflows/${name}.yml`);
    const ref = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `refs/heads/${parts.join('/')}`),
      fc.constant(SHA),
    );
    fc.assert(
      fc.property(path, ref, (p, r) => {
        expect(parse(`acme/app/${p}@${r}`)).toEqual({ repository: 'acme/app', path: p, ref: r });
      }),
    );
  });
});
