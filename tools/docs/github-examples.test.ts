import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies } from '@originsign/core/policy/check';
import { runPolicyTests } from '@originsign/core/policy/tests';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkWorkflows } from '../architecture/workflow-rules.ts';
import { exampleProblems, signedFor, type ActionInputs } from './example-workflows.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const filesIn = (path: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(new URL(path, ROOT)).map((name) => [name, read(`${path}${name}`)]));

const workflows = filesIn('examples/github/workflows/');
const projects = filesIn('examples/github/policies/projects/');
const systems = filesIn('examples/github/policies/trusted-build-systems/');

function inputsOf(path: string): ActionInputs {
  if (!existsSync(new URL(`${path}/action.yml`, ROOT))) throw new Error(`There is no ${path}.`);
  return (parse(read(`${path}/action.yml`)) as { readonly inputs: ActionInputs }).inputs;
}

describe('the examples of GitHub workflows', () => {
  it('keep to the rules for the workflows of this repository', () => {
    const renamed = new Map([...workflows].map(([name, text]) => [`.github/workflows/${name}`, text]));
    expect(workflows.size).toBeGreaterThan(4);
    expect(checkWorkflows(renamed)).toEqual([]);
  });

  it.each([...workflows])('sign in jobs that do nothing else, with inputs that exist: %s', (_name, text) => {
    expect(exampleProblems(text, inputsOf)).toEqual([]);
  });

  it.each<[string, (text: string) => string, string]>([
    ['a further permission', (text) => text.replace(/(id-token: write)/, '$1\n      contents: read'), 'contents too'],
    ['a command', (text) => text.replace(/- id: sign/, '- run: make\n      - id: sign'), 'runs make'],
    ['an action of somebody', (text) => text.replace('actions/upload-artifact', 'acme/upload'), 'runs acme/upload'],
    ['no permission', (text) => text.replace('id-token: write', 'contents: read'), 'without the permission'],
    ['an input that does not exist', (text) => text.replace('files:', 'file:'), 'no input file'],
    ['an input too few', (text) => text.replace(/^ +server: .*\n/m, ''), 'not given server'],
  ])('would be found out with %s in the signing job', (_what, spoil, problem) => {
    const text = read('examples/github/workflows/sign.yml');
    // The inputs of the workflow itself have the same names; only its job is spoilt.
    const jobs = text.slice(text.indexOf('\njobs:'));
    expect(exampleProblems(spoil(jobs), inputsOf).join()).toContain(problem);
  });
});

describe('their policies', () => {
  const named = [
    ...[...systems].map(([name, text]) => [`trusted-build-systems/${name}`, text] as const),
    ...[...projects].map(([name, text]) => [`projects/${name}`, text] as const),
  ];
  const checked = checkPolicies(new Map(named), { trial: false, formats: FORMATS });

  it('load', () => {
    expect(checked.problems).toEqual([]);
    expect(checked.projects.size).toBe(projects.size);
  });

  it.each([...checked.projects.values()])('pass the tests in them, allowed and denied: $id', (project) => {
    const results = runPolicyTests(project, checked.systems);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    const decisions = results.map(({ trace }) => trace.decision);
    expect(new Set(decisions)).toEqual(new Set(['allow', 'deny']));
  });

  it('are there for every project and policy that a workflow names, and name that workflow', () => {
    for (const [name, text] of workflows) {
      for (const { project, policy } of signedFor(text)) {
        const rules = projects.get(`${project}.yml`) ?? '';
        expect(rules, `${name} signs for ${project}`).toContain(`.github/workflows/${name}`);
        expect(Object.keys((parse(rules) as { policies: object }).policies)).toContain(policy);
      }
    }
  });
});
