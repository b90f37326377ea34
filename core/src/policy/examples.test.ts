import { describe, expect, it } from 'vitest';
import { checkPolicies, type CheckOptions } from './check.ts';
import { EXAMPLE_PROJECT, EXAMPLE_TESTS } from './examples.test.fixture.ts';
import { lintProject } from './lint.ts';
import { formatProblem } from './load-problem.ts';
import { SYSTEMS } from './platform-policies.test.fixture.ts';
import { GITHUB_YML } from './sample-policies.test.fixture.ts';
import { runPolicyTests } from './tests.ts';

const keyTypes = ['rsa-3072'];
const OPTIONS: CheckOptions = {
  trial: false,
  formats: {
    'authenticode-pe': { purpose: 'authenticode', keyTypes },
    'authenticode-msi': { purpose: 'authenticode', keyTypes },
    'authenticode-cat': { purpose: 'authenticode', keyTypes },
    jar: { purpose: 'jar', keyTypes },
  },
  enforced: { approvals: true },
};
const { azure = '', jenkins = '', legacy = '', nodes = '' } = SYSTEMS;
const files = (tests: readonly (readonly [string, string, string])[]) => {
  const lines = tests.map(([name, given, expect]) => `  - {name: ${name}, given: {${given}}, expect: {${expect}}}`);
  return new Map([
    ['trusted-build-systems/github.yml', GITHUB_YML],
    ['trusted-build-systems/azure.yml', azure],
    ['trusted-build-systems/jenkins.yml', jenkins],
    ['trusted-build-systems/workstations.yml', legacy.replace('id: legacy', 'id: workstations')],
    ['trusted-build-systems/nodes.yml', nodes],
    ['projects/acme.yml', EXAMPLE_PROJECT.replace('TESTS', lines.join('\n'))],
  ]);
};
const load = (tests = EXAMPLE_TESTS) => {
  const { projects, systems, problems } = checkPolicies(files(tests), OPTIONS);
  const project = projects.get('acme');
  if (project === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return { project, systems };
};

describe('in the example', () => {
  const { project, systems } = load();
  const results = new Map(runPolicyTests(project, systems).map((result) => [result.name, result]));

  it.each(EXAMPLE_TESTS.map(([name]) => name))('%s', (name) => {
    expect(results.get(name)?.differences).toEqual([]);
  });

  it('nothing is odd', () => {
    expect(lintProject(project, systems, new Date('2026-11-22T09:14:03Z')).map(formatProblem)).toEqual([]);
  });

  it('each test would notice the other decision', () => {
    const flipped = EXAMPLE_TESTS.map(([name, given, expected]) => {
      const other = expected.includes('decision: deny') ? ['deny', 'allow'] : ['allow', 'deny'];
      return [name, given, expected.replace(`decision: ${other[0]}`, `decision: ${other[1]}`)] as const;
    });
    const wrong = load(flipped);
    expect(runPolicyTests(wrong.project, wrong.systems).filter(({ passed }) => passed)).toEqual([]);
  });
});
