import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

let cli: CliBench;
beforeAll(async () => {
  cli = await createCliBench();
});
afterAll(() => cli.close());

describe('originsign', () => {
  test('prints its version to stdout', async () => {
    expect(await cli.run(['--version'])).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
  });

  test('prints help to stdout where help was asked for', async () => {
    const { status, stdout, stderr } = await cli.run(['verify', '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: originsign verify \[options\] <files...>$/m);
  });

  test('prints help to stderr where no command was given', async () => {
    const { status, stdout, stderr } = await cli.run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /error: No command was given \[input.missing\]\nhint: originsign --help lists the commands\n$/,
    );
  });

  test.each([
    [['sign', '--projct', 'a', 'f'], "unknown option '--projct' [input.invalid]", 'did you mean --project?'],
    [['vrify', 'f'], "unknown command 'vrify' [input.invalid]", 'did you mean verify?'],
    [['policy', 'chek'], "unknown command 'chek' [input.invalid]", 'did you mean check?'],
    [['verify', 'f'], 'The option --trust <file> is missing [input.missing]', 'the pinned trust file'],
    [
      ['sign', 'f', '--project', 'a', '--policy', 'b'],
      'No server is given [input.missing]',
      'give --server or set ORIGINSIGN_SERVER',
    ],
  ])('%j ends with 2 and says what to do', async (words, error, hint) => {
    expect(await cli.run(words)).toEqual({ status: 2, stdout: '', stderr: `error: ${error}\nhint: ${hint}\n` });
  });

  test.each([
    [['verify'], "missing required argument 'files' [input.missing]"],
    [['sign', '--policy'], "option '--policy <name>' argument missing [input.missing]"],
    [['doctor', 'x', 'y'], "too many arguments for 'doctor'. Expected 0 arguments but got 2 [input.invalid]"],
  ])('%j ends with 2', async (words, error) => {
    expect(await cli.run(words)).toEqual({ status: 2, stdout: '', stderr: `error: ${error}\n` });
  });

  test.each(['stdout', 'stderr'] as const)(
    'ends as it would have ended where nobody reads %s any more',
    async (stream) => {
      const words = stream === 'stdout' ? ['completion', 'bash'] : ['vrify'];
      const { status, stderr } = await cli.run(words);
      const child = cli.start(words);
      child.process[stream]?.destroy();
      const ended = await child.ended;
      expect(ended).toMatchObject({ status, stderr: stream === 'stderr' ? '' : stderr });
    },
  );

  test('with --json prints an error as the one document of stdout', async () => {
    const { status, stdout, stderr } = await cli.run(['doctor', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'input.missing', message: 'No server is given.', hint: 'give --server or set ORIGINSIGN_SERVER' },
    });
    expect(stderr).toMatch(/^error: No server is given/);
  });

  test('refuses a server over plain http that is not on this machine', async () => {
    const { status, stderr } = await cli.run(['doctor', '--server', 'http://sign.acme.example']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: The server URL cannot be used: it is not https \[input.invalid\]$/m);
  });

  test('names the page of the code at the server that was asked, unless that is what does not answer', async () => {
    const words = ['sign', 'f', '--project', 'a', '--policy', 'b'];
    const { stderr } = await cli.run(words, { ORIGINSIGN_SERVER: 'http://localhost:1' });
    expect(stderr).toMatch(/^see: {2}http:\/\/localhost:1\/errors\/token.unavailable$/m);
    const away = await cli.run(['doctor'], { ORIGINSIGN_SERVER: 'http://localhost:1' });
    expect(away.status).toBe(5);
    expect(away.stderr).not.toMatch(/^see:/m);
  });
});
