import { readFileSync } from 'node:fs';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies } from '@originsign/core/policy/check';
import { runPolicyTests } from '@originsign/core/policy/tests';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Step {
  readonly task?: string;
  readonly checkout?: string;
  readonly script?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface Pipeline {
  readonly stages: readonly { readonly stage: string; readonly jobs: readonly { readonly steps: readonly Step[] }[] }[];
}

interface TaskManifest {
  readonly inputs: readonly { readonly name: string; readonly required?: boolean }[];
}

const pipeline = parse(read('examples/azure/azure-pipelines.yml')) as Pipeline;
const stepsOf = (name: string): readonly Step[] =>
  pipeline.stages.filter(({ stage }) => stage === name).flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));

describe('the example of an Azure pipeline', () => {
  it.each([
    ['OriginSign', 'Sign'],
    ['OriginSignVerify', 'Verify'],
  ])('gives %s inputs that it has, and all that it needs', (task, stage) => {
    const manifest = JSON.parse(read(`azure-task/tasks/${task}/task.json`)) as TaskManifest;
    const step = stepsOf(stage).find((candidate) => candidate.task === `${task}@1`);
    const given = Object.keys(step?.inputs ?? {});
    expect(given.filter((name) => !manifest.inputs.some((input) => input.name === name))).toEqual([]);
    const required = manifest.inputs.filter((input) => input.required === true).map(({ name }) => name);
    expect(required.filter((name) => !given.includes(name))).toEqual([]);
  });

  it('signs in a job that checks nothing out and runs no script', () => {
    const steps = stepsOf('Sign');
    expect(steps.map(({ checkout }) => checkout).filter((text) => text !== undefined)).toEqual(['none']);
    expect(steps.filter(({ script }) => script !== undefined)).toEqual([]);
    expect(steps.flatMap(({ task }) => task ?? [])).toEqual(['OriginSign@1']);
  });

  it('has policies that load, and whose tests pass', () => {
    const paths = ['trusted-build-systems/azure.yml', 'projects/acme-app.yml'];
    const texts = new Map(paths.map((path) => [path, read(`examples/azure/policies/${path}`)]));
    const { problems, projects, systems } = checkPolicies(texts, { trial: false, formats: FORMATS });
    expect(problems).toEqual([]);
    const results = [...projects.values()].flatMap((project) => runPolicyTests(project, systems));
    expect(results.map(({ differences }) => differences)).toEqual([[], [], [], [], []]);
  });
});
