import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INPUTS, readInputs } from './inputs.ts';
import { OUTPUTS } from './outputs.ts';

const REQUIRED = { server: 'https://sign.acme.example', project: 'acme-app', policy: 'release', files: 'dist/*.exe' };

function read(more: Readonly<Record<string, string>> = {}) {
  const inputs: Readonly<Record<string, string>> = { ...REQUIRED, ...more };
  return readInputs((name) => inputs[name] ?? '', '/workspace');
}

describe('the inputs of the sign action', () => {
  it('are read with the presets that action.yml promises', () => {
    expect(read()).toEqual({
      dryRun: false,
      caFile: undefined,
      options: {
        ...REQUIRED,
        files: ['dist/*.exe'],
        workingDirectory: '/workspace',
        format: 'auto',
        formatOptions: [],
        wait: true,
        timeout: 3_600_000,
        onTimeout: 'cancel',
      },
    });
  });

  it('are read as they are given', () => {
    const step = read({
      files: 'dist/**/*.exe\r\n\n  !dist/**/*-debug.exe  ',
      options: 'raw.output=sigstore-bundle',
      parameters: 'ticket = ACME-1\nnote=a=b',
      wait: 'False',
      timeout: '1h30m',
      'on-timeout': 'leave',
      'dry-run': 'TRUE',
      'ca-file': 'ca.pem',
      'output-directory': 'signed',
      description: 'v1.4.0',
    });
    expect(step).toMatchObject({ dryRun: true, caFile: 'ca.pem' });
    expect(step.options).toMatchObject({
      files: ['dist/**/*.exe', '!dist/**/*-debug.exe'],
      formatOptions: ['raw.output=sigstore-bundle'],
      parameters: { ticket: 'ACME-1', note: 'a=b' },
      wait: false,
      timeout: 5_400_000,
      onTimeout: 'leave',
      outputDirectory: 'signed',
      description: 'v1.4.0',
    });
  });

  it.each([
    ['server', '', 'input.missing'],
    ['project', '', 'input.missing'],
    ['policy', '', 'input.missing'],
    ['files', '', 'input.missing'],
    ['wait', 'yes', 'input.invalid'],
    ['dry-run', '1', 'input.invalid'],
    ['timeout', '60', 'input.invalid'],
    ['on-timeout', 'Cancel', 'input.invalid'],
    ['parameters', 'novalue', 'input.invalid'],
    ['parameters', 'a=1\na=2', 'input.invalid'],
  ])('refuse %s with the value %j by name', (name, value, code) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`input ${name}`) as unknown }),
    );
  });
});

describe('action.yml', () => {
  const text = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const action = parse(text) as {
    inputs: Record<string, { required: boolean; default?: string; description: string }>;
    outputs: Record<string, unknown>;
    runs: { using: string; main: string };
  };

  it('declares the inputs and outputs that the action has, in their order', () => {
    expect(Object.keys(action.inputs)).toEqual(Object.keys(INPUTS));
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS);
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.mjs' });
  });

  it('requires what the action requires, and its presets mean what left out means', () => {
    const required = Object.entries(action.inputs).filter(([, input]) => input.required);
    expect(required.map(([name]) => name)).toEqual(Object.keys(REQUIRED));
    const presets = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']),
    );
    expect(readInputs((name) => ({ ...presets, ...REQUIRED })[name] ?? '', '/workspace')).toEqual(read());
  });
});
