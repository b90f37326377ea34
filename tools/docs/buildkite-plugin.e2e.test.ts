import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const HOOK = fileURLToPath(new URL('../../examples/buildkite/plugin/hooks/command', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'originsign-plugin-'));
const log = join(folder, 'calls');
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that writes down how it was called. */
function recorder(name: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n{ echo ${name}; for a in "$@"; do printf '%s\\n' "$a"; done; echo; } >> ${log}\n`);
  chmodSync(path, 0o755);
}
recorder('originsign');
recorder('buildkite-agent');

const OPTIONS = {
  BUILDKITE_PLUGIN_ORIGINSIGN_SERVER: 'https://sign.acme.example',
  BUILDKITE_PLUGIN_ORIGINSIGN_PROJECT: 'acme-app',
  BUILDKITE_PLUGIN_ORIGINSIGN_POLICY: 'release',
  BUILDKITE_PLUGIN_ORIGINSIGN_FILES_0: 'dist/**/*.exe',
};

function run(options: Readonly<Record<string, string>>) {
  writeFileSync(log, '');
  const env = { PATH: [folder, process.env['PATH'] ?? ''].join(delimiter), ...options };
  const { status, stderr } = spawnSync('bash', [HOOK], { env, encoding: 'utf8' });
  const calls = readFileSync(log, 'utf8')
    .split('\n\n')
    .filter((call) => call !== '')
    .map((call) => call.split('\n'));
  return { status, stderr, calls };
}

describe('the hook of the Buildkite plugin', () => {
  test('fetches what was built, and signs it by the command', () => {
    const { status, calls } = run({ ...OPTIONS, BUILDKITE_PLUGIN_ORIGINSIGN_DOWNLOAD: 'dist/**/*' });
    expect(status).toBe(0);
    expect(calls).toEqual([
      ['buildkite-agent', 'artifact', 'download', 'dist/**/*', '.'],
      [
        ...[
          'originsign',
          'sign',
          '--server',
          'https://sign.acme.example',
          '--project',
          'acme-app',
          '--policy',
          'release',
        ],
        ...['--output-directory', 'signed', '--timeout', '60m', '--', 'dist/**/*.exe'],
      ],
    ]);
  });

  test('hands every pattern on as it is, whatever it holds', () => {
    const hostile = ['$(touch x)', '--server=https://evil.example', 'a b"c\'`id`'];
    const files = Object.fromEntries(hostile.map((file, i) => [`BUILDKITE_PLUGIN_ORIGINSIGN_FILES_${i}`, file]));
    const { calls } = run({ ...OPTIONS, ...files, BUILDKITE_PLUGIN_ORIGINSIGN_TIMEOUT: '5m' });
    expect(calls[0]?.slice(-4)).toEqual(['--', ...hostile]);
    expect(calls[0]).toContain('5m');
  });

  test.each([
    ['files', 'BUILDKITE_PLUGIN_ORIGINSIGN_FILES_0'],
    ['a server', 'BUILDKITE_PLUGIN_ORIGINSIGN_SERVER'],
    ['a project', 'BUILDKITE_PLUGIN_ORIGINSIGN_PROJECT'],
    ['a policy', 'BUILDKITE_PLUGIN_ORIGINSIGN_POLICY'],
  ])('signs nothing without %s', (_what, name) => {
    const { status, stderr, calls } = run({ ...OPTIONS, [name]: '' });
    const { [name as keyof typeof OPTIONS]: _left, ...without } = OPTIONS;
    const unset = run(without);
    expect(unset.status).not.toBe(0);
    expect(unset.calls).toEqual([]);
    if (name.endsWith('FILES_0')) {
      expect({ status, calls }).toEqual({ status: 2, calls: [] });
      expect(stderr).toContain('needs files');
    }
  });
});
