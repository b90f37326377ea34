import { describe, expect, it } from 'vitest';
import { readFiles, REPOSITORY } from './repository.ts';
import { RULES } from './rules.ts';
import { isSource, isTest } from './violation.ts';

const files = readFiles(REPOSITORY);

describe('the house', () => {
  it('is read whole', () => {
    expect(files.has('core/src/errors/codes.ts')).toBe(true);
    expect(files.has('signer-server/package.json')).toBe(true);
    expect([...files.keys()].filter(isSource).length).toBeGreaterThan(50);
    expect([...files.keys()].filter(isTest).length).toBeGreaterThan(3);
    expect([...files.keys()].filter((file) => file.includes('node_modules/'))).toEqual([]);
  });

  it.each(Object.entries(RULES))('%s', (_name, rule) => {
    expect(rule(files).map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
  });
});
