import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

let cli: CliBench;
beforeAll(async () => {
  cli = await createCliBench();
});
afterAll(() => cli.close());

describe('a file of words', () => {
  test('is the whole command line, whatever the words hold', async () => {
    await cli.write({ 'args.json': JSON.stringify({ arguments: ['doctor', '--server=http://a b"$(x)%y%'] }) });
    const { status, stderr } = await cli.run(['@args.json']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: The server URL cannot be used/);
  });

  test.each([
    ['[]', 'input.invalid'],
    ['{"arguments": "--version"}', 'input.invalid'],
    ['{"arguments": ["--version", 1]}', 'input.invalid'],
    ['{"arguments": ["--version"], "more": 1}', 'input.invalid'],
    ['{"arguments": ["--version"],}', 'json.malformed'],
    ['{"arguments": ["--version"], "arguments": ["doctor"]}', 'json.duplicate_key'],
  ])('%s is refused', async (text, code) => {
    await cli.write({ 'args.json': text });
    const { status, stdout, stderr } = await cli.run(['@args.json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`[${code}]`);
  });

  test('must be there, and stands alone', async () => {
    expect((await cli.run(['@none.json'])).stderr).toMatch(
      /^error: There is no file "DIR\/none\.json" \[input\.file\]/,
    );
    expect((await cli.run(['@none.json', 'x'])).stderr).toMatch(/^error: unknown command '@none.json'/);
  });
});

describe('--json-file', () => {
  test('takes the document, and the lines are as ever', async () => {
    const { status, stdout, stderr } = await cli.run(['doctor', '--json-file', 'result.json']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: No server is given/);
    expect(JSON.parse(await readFile(join(cli.folder, 'result.json'), 'utf8'))).toMatchObject({
      error: { code: 'input.missing' },
    });
  });

  test('that cannot be written is said, and why the command failed all the same', async () => {
    const { status, stderr } = await cli.run(['doctor', '--json-file', 'none/result.json']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error: The file "none\/result.json" cannot be written \[input.file\]\nerror: No server is/,
    );
  });

  test('that cannot be written fails a command with a result', async () => {
    const system =
      '{version: 1, id: github, type: github-actions, issuer: "https://token.actions.githubusercontent.com"}\n';
    await cli.write({ 'policies/trusted-build-systems/github.yml': system });
    const { status, stdout, stderr } = await cli.run([
      'policy',
      'check',
      'policies',
      '--json-file',
      'none/result.json',
    ]);
    expect(stdout).not.toBe('');
    expect([status, stderr]).toEqual([2, 'error: The file "none/result.json" cannot be written [input.file]\n']);
  });
});
