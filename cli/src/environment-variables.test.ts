import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENVIRONMENT_VARIABLES, EXIT_STATUSES } from './environment-variables.ts';
import { CODE_TABLE } from '@originsign/core/errors/codes';

const ROOT = join(import.meta.dirname, '../..');

function sourcesBelow(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
    .map((name) => join(ROOT, folder, name));
}

test('every variable of our own that the sources read is in the manual', () => {
  const read = ['core/src/client', 'cli/src']
    .flatMap(sourcesBelow)
    .flatMap((path) => readFileSync(path, 'utf8').match(/'ORIGINSIGN_[A-Z_]+'/g) ?? [])
    .map((name) => name.slice(1, -1));
  const known = Object.keys(ENVIRONMENT_VARIABLES).filter((name) => name.startsWith('ORIGINSIGN_'));
  expect([...new Set(read)].sort()).toEqual(known.sort());
});

test('every exit status that an error has is in the manual', () => {
  const statuses = new Set(Object.values(CODE_TABLE).map(({ exit }) => String(exit)));
  expect(Object.keys(EXIT_STATUSES)).toEqual(['0', ...[...statuses].sort()]);
});
