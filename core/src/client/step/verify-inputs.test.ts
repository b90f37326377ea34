import { describe, expect, it } from 'vitest';
import { readVerifyInputs } from './verify-inputs.ts';

const REQUIRED = { files: 'signed/*.exe', trust: 'trust.json', repository: 'https://h/a', project: 'acme-app' };

function read(more: Readonly<Record<string, string>> = {}) {
  const inputs: Readonly<Record<string, string>> = { ...REQUIRED, ...more };
  const host = { input: (name: string) => inputs[name] ?? '', inputName: (name: string) => name.toUpperCase() };
  return readVerifyInputs({ ...host, workingDirectory: '/workspace' });
}

describe('the inputs of a verify step', () => {
  it('ask for nothing that was not given', () => {
    expect(read()).toEqual({
      trust: 'trust.json',
      options: {
        files: ['signed/*.exe'],
        workingDirectory: '/workspace',
        expected: { repository: 'https://h/a', project: 'acme-app' },
        recursive: false,
        requireSigned: false,
        trial: false,
      },
    });
  });

  it('are read as they are given', () => {
    const given = {
      files: 'signed\n!signed/**/*.txt',
      ref: 'refs/tags/v*',
      workflow: '.github/workflows/release.yml',
      policy: 'release',
      builder: 'https://h/a/.github/workflows/release.yml@refs/tags/v*',
      format: 'raw',
      recursive: 'true',
      'require-signed': 'TRUE',
      receipt: 'a\nb',
      provenance: 'c',
      trial: 'True',
    };
    expect(read(given).options).toEqual({
      files: ['signed', '!signed/**/*.txt'],
      workingDirectory: '/workspace',
      expected: {
        repository: 'https://h/a',
        project: 'acme-app',
        ref: given.ref,
        workflow: given.workflow,
        policy: 'release',
        builder: given.builder,
      },
      format: 'raw',
      receipts: ['a', 'b'],
      provenances: ['c'],
      recursive: true,
      requireSigned: true,
      trial: true,
    });
  });

  it.each([
    ['files', '', 'input.missing'],
    ['trust', '', 'input.missing'],
    ['repository', '', 'input.missing'],
    ['project', '', 'input.missing'],
    ['recursive', 'yes', 'input.invalid'],
    ['require-signed', '1', 'input.invalid'],
    ['trial', 'no', 'input.invalid'],
  ])('refuse %s with the value %j by the name that its platform has for it', (name, value, code) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`input ${name.toUpperCase()}`) as unknown }),
    );
  });
});
