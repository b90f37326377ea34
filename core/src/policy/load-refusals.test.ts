import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACME_YML, acmeWith, problemsOf } from './sample-policies.test.fixture.ts';

interface Refusal {
  readonly group: string;
  readonly name: string;
  readonly old: string;
  readonly text: string;
  readonly problems: readonly string[];
}

/** The cases of `load-refusals.txt`, whose head explains the notation. */
function readRefusals(): readonly Refusal[] {
  const file = readFileSync(new URL('load-refusals.txt', import.meta.url), 'utf8');
  return file
    .split(/^=== /m)
    .slice(1)
    .flatMap((section) => {
      const [group = '', ...blocks] = section.split(/^(?:# |\n# )/m);
      return blocks.map((block) => readRefusal(group.trim(), block.split('\n')));
    });
}

function readRefusal(group: string, [name = '', ...lines]: readonly string[]): Refusal {
  const marked = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1));
  const text = marked('+').join('\n');
  return {
    group,
    name,
    old: marked('-').join('\n'),
    text: text.replace(/<U\+([0-9A-F]{4})>/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
    problems: marked('!').map((line) => line.trim()),
  };
}

const REFUSALS = readRefusals();

describe('a project does not load with', () => {
  it.each(REFUSALS)('$group: $name', ({ old, text, problems }) => {
    expect(problems.length).toBeGreaterThan(0);
    expect(problemsOf(acmeWith(old, text))).toEqual(problems);
  });
});

it('all cases were read, and the sample itself loads', () => {
  expect(REFUSALS.length).toBeGreaterThan(120);
  expect(problemsOf(ACME_YML)).toEqual([]);
});
