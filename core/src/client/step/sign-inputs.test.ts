import { describe, expect, it } from 'vitest';
import { readSignInputs } from './sign-inputs.ts';

const REQUIRED = { server: 'https://sign.acme.example', project: 'acme-app', policy: 'release', files: 'dist/*.exe' };

function read(more: Readonly<Record<string, string>> = {}) {
  const inputs: Readonly<Record<string, string>> = { ...REQUIRED, ...more };
  const host = { input: (name: string) => inputs[name] ?? '', inputName: (name: string) => name.toUpperCase() };
  return readSignInputs({ ...host, workingDirectory: '/workspace' });
}

describe('the inputs of a sign step', () => {
  it('are read with the presets that wrappers promise', () => {
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
  ])('refuse %s with the value %j by the name that its platform has for it', (name, value, code) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`input ${name.toUpperCase()}`) as unknown }),
    );
  });
});
