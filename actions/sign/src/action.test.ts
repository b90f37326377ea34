import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSignInputs, SIGN_INPUTS } from '@originsign/core/client/step/sign-inputs';
import { SIGN_OUTPUTS } from '@originsign/core/client/step/sign-outputs';

const REQUIRED = { server: 'https://sign.acme.example', project: 'acme-app', policy: 'release', files: 'dist/*.exe' };

function read(inputs: Readonly<Record<string, string>>) {
  const host = { input: (name: string) => inputs[name] ?? '', inputName: (name: string) => name };
  return readSignInputs({ ...host, workingDirectory: '/workspace' });
}

describe('action.yml', () => {
  const text = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const action = parse(text) as {
    inputs: Record<string, { required: boolean; default?: string; description: string }>;
    outputs: Record<string, unknown>;
    runs: { using: string; main: string };
  };

  it('declares the inputs and outputs that the step has, in their order', () => {
    expect(Object.keys(action.inputs)).toEqual(Object.keys(SIGN_INPUTS));
    expect(Object.keys(action.outputs)).toEqual(SIGN_OUTPUTS);
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.mjs' });
  });

  it('requires what the step requires, and its presets mean what left out means', () => {
    const required = Object.entries(action.inputs).filter(([, input]) => input.required);
    expect(required.map(([name]) => name)).toEqual(Object.keys(REQUIRED));
    const presets = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']),
    );
    expect(read({ ...presets, ...REQUIRED })).toEqual(read(REQUIRED));
  });
});
