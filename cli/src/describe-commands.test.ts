import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host } from './host.ts';
import { describeCommands } from './describe-commands.ts';
import { Output } from './output.ts';
import { buildProgram } from './program.ts';
import { VERSION } from './version.ts';

const host: Host = {
  environment: {},
  directory: '/',
  now: () => new Date(0),
  out: () => undefined,
  err: () => undefined,
  interruption: () => new AbortController().signal,
};
const program = buildProgram(host, new Output(host, false));
const reference = describeCommands(program);

describe('the reference of commands', () => {
  test.each([
    'sign',
    'verify',
    'policy check',
    'policy test',
    'policy explain',
    'log verify',
    'trust export',
    'trust update',
    'doctor',
  ])('has %s, which takes --json', (command) => {
    const section = reference.split('\n## ').find((text) => text.startsWith(`originsign ${command}`));
    expect(section).toMatch(/^\| `--json` \| /m);
  });

  test('says which options are required, and what the others are where left out', () => {
    expect(reference).toMatch(/^\| `--project <name>` \| .* \(required\) \|$/m);
    expect(reference).toMatch(/^\| `--timeout <duration>` \| .* \(default: 60m\) \|$/m);
    expect(reference).toMatch(/^\| `--on-timeout <what>` \| .* \(cancel or leave; default: cancel\) \|$/m);
  });

  test('describes every option in a phrase without a full stop', () => {
    const rows = reference.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(50);
    for (const line of rows) expect(line).toMatch(/^\| `[^`]+` \| [^ |].*[^. ] \|$/);
  });
});

test('the version is the one of the package', async () => {
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  expect(VERSION).toBe(manifest.version);
});
