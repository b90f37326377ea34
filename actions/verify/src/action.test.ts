import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readVerifyInputs, VERIFY_INPUTS } from '@originsign/core/client/step/verify-inputs';
import { VERIFY_OUTPUTS } from '@originsign/core/client/step/verify-outputs';

const REQUIRED = {
  files: 'signed/*.exe',
  trust: 'trust.json',
  repository: 'https://github.com/acme/app',
  project: 'acme-app',
};

function read(inputs: Readonly<Record<string, string>>) {
  const host = { input: (name: string) => inputs[name] ?? '', inputName: (name: string) => name };
  return readVerifyInputs({ ...host, workingDirectory: '/workspace' });
}

describe('action.yml', () => {
  const text = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const action = parse(text) as {
    inputs: Record<string, { required: boolean; default?: string }>;
    outputs: Record<string, unknown>;
    runs: { using: string; main: string };
  };

  it('declares the inputs and outputs that the step has, in their order', () => {
    expect(Object.keys(action.inputs)).toEqual(Object.keys(VERIFY_INPUTS));
    expect(Object.keys(action.outputs)).toEqual(VERIFY_OUTPUTS);
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.mjs' });
  });

  it('requires what the step requires, and its presets mean what left out means', () => {
    const required = Object.entries(action.inputs).filter(([, input]) => input.required);
    expect(required.map(([name]) => name)).toEqual(Object.keys(REQUIRED));
    const presets = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''] as const);
    expect(read({ ...Object.fromEntries(presets), ...REQUIRED })).toEqual(read(REQUIRED));
  });
});
