import { readFileSync } from 'node:fs';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies } from '@originsign/core/policy/check';
import { runPolicyTests } from '@originsign/core/policy/tests';
import { describe, expect, it } from 'vitest';

const guide = readFileSync(new URL('../../docs/azure-devops.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text);
const policies = examples.flatMap((text) => {
  const path = /^# policies\/(\S+)$/m.exec(text)?.[1];
  return path === undefined ? [] : [[path, text] as const];
});
const inputsOf = (task: string): readonly string[] => {
  const manifest = readFileSync(new URL(`../tasks/${task}/task.json`, import.meta.url), 'utf8');
  const { inputs } = JSON.parse(manifest) as { readonly inputs: readonly { readonly name: string }[] };
  return inputs.map(({ name }) => name);
};

describe('the guide to Azure Pipelines', () => {
  it('has policies that load and pass the tests that stand in them', () => {
    const checked = checkPolicies(new Map(policies), { trial: false, formats: FORMATS });
    expect(checked.problems).toEqual([]);
    const results = [...checked.projects.values()].flatMap((project) => runPolicyTests(project, checked.systems));
    expect(results.map(({ passed }) => passed)).toEqual([true, true]);
  });

  it.each(['OriginSign', 'OriginSignVerify'])('gives %s inputs that it has', (task) => {
    const steps = examples.flatMap((text) =>
      text.split(/^ *- (?=task: )/m).filter((step) => step.startsWith(`task: ${task}@1`)),
    );
    expect(steps.length).toBe(1);
    const [, indent = ''] = /^( *)inputs:\n/m.exec(steps[0] ?? '') ?? [];
    const block = (steps[0] ?? '')
      .slice((steps[0] ?? '').indexOf('inputs:'))
      .split('\n')
      .slice(1);
    const end = block.findIndex((line) => !line.startsWith(`${indent}  `));
    const names = block.slice(0, end).map((line) => line.trim().split(':')[0] ?? '');
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !inputsOf(task).includes(name))).toEqual([]);
  });
});
