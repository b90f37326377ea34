import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChild } from '@originsign/testkit/child';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

let cli: CliBench;
beforeAll(async () => {
  cli = await createCliBench();
  const { stdout } = await cli.run(['completion', 'bash']);
  await cli.write({ 'completion.bash': stdout });
});
afterAll(() => cli.close());

/** What bash offers for the last of these words, with the script as people load it. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = `source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { echo "(nothing)"; }
_originsign
printf '%s\\n' "\${COMPREPLY[@]}"
complete -p originsign`;
  const args = ['--norc', '-c', script, 'bash', join(cli.folder, 'completion.bash'), 'originsign', ...words];
  const { stdout, stderr, status } = await runChild('bash', args, { env: { PATH: process.env['PATH'] } });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const lines = stdout.trim().split('\n');
  expect(lines.pop()).toBe('complete -o default -F _originsign originsign');
  return lines.filter((line) => line !== '');
}

describe('bash, with the script that originsign prints', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['ver'], ['verify']],
    [
      ['policy', ''],
      ['check', 'test', 'explain', 'replay'],
    ],
    [['policy', 'test', '--t'], ['--trial']],
    [['sign', '--on-t'], ['--on-timeout']],
    [
      ['sign', '--on-timeout', ''],
      ['cancel', 'leave'],
    ],
    [['sign', '--on-timeout', 'cancel', '--dry'], ['--dry-run']],
    [['sign', '--ca-file', ''], []],
    [['sign', '--project', ''], ['(nothing)']],
    [['sign', 'dist/'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('offers for %j: %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });
});

test('another shell is an error that names the ones there are', async () => {
  const { status, stderr } = await cli.run(['completion', 'tcsh']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/bash, zsh, fish/);
});
