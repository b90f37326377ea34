import { readFileSync } from 'node:fs';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies } from '@originsign/core/policy/check';
import { runPolicyTests } from '@originsign/core/policy/tests';
import { describe, expect, it } from 'vitest';

const guide = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text);
const nameOf = (text: string): string =>
  /^project: /m.test(text) ? 'projects/acme-app.yml' : 'trusted-build-systems/github.yml';

describe('the examples of the policy guide', () => {
  const checked = checkPolicies(new Map(examples.map((text) => [nameOf(text), text])), {
    trial: false,
    formats: FORMATS,
  });

  it('load', () => {
    expect(examples.length).toBeGreaterThan(1);
    expect(checked.problems).toEqual([]);
    expect([...checked.projects.keys()]).toEqual(['acme-app']);
  });

  it('pass the tests that stand in them', () => {
    const results = [...checked.projects.values()].flatMap((project) => runPolicyTests(project, checked.systems));
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter((result) => !result.passed)).toEqual([]);
  });
});
