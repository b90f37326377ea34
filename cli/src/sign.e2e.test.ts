import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChild } from '@originsign/testkit/child';
import { makeFakeSignerKeys } from '@originsign/testkit/fake-signatures';
import {
  startFakeSigningServer,
  type FakeServerOptions,
  type FakeSigningServer,
} from '@originsign/testkit/fake-signing-server';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import type { DecisionTrace } from '@originsign/core/protocol/trace';
import { createCliBench, type CliBench, type Ran } from './cli.test.fixture.ts';
import { Screen } from './screen.test.fixture.ts';

const keys = makeFakeSignerKeys();
let cli: CliBench;
let issuer: GithubIssuer;

beforeAll(async () => {
  cli = await createCliBench();
  issuer = await startGithubIssuer();
  await cli.write({ 'dist/app.tgz': 'an app' });
});
afterAll(async () => {
  await issuer.close();
  await cli.close();
});

const WORDS = ['sign', '--project', 'acme-app', '--policy', 'release', '--format', 'cms-detached', '-o', 'signed'];

async function sign(
  words: readonly string[],
  options: Partial<FakeServerOptions> = {},
): Promise<Ran & { server: FakeSigningServer }> {
  const server = await startFakeSigningServer({ keys, ...options });
  const environment = { GITHUB_ACTIONS: 'true', ORIGINSIGN_SERVER: server.url, ...issuer.startJob().environment };
  const ran = await cli.run([...WORDS, ...words], environment);
  await server.close();
  const clean = (text: string) =>
    text
      .replaceAll(server.url, 'SERVER')
      .replace(/requests\/[\w-]{43}/g, 'requests/ID43')
      .replace(/(request {3}|originsign-)[\w-]{12}/g, '$1ID12');
  return { ...ran, stdout: clean(ran.stdout), stderr: clean(ran.stderr), server };
}

const DENIED: DecisionTrace = {
  project: 'acme-app',
  policy: 'release',
  policyHash: '00'.repeat(32),
  decision: 'deny',
  rule: 'tag-build',
  rules: [
    {
      rule: 'tag-build',
      effect: 'allow',
      passed: false,
      conditions: [
        { claim: 'github.ref', operator: 'glob', expected: 'refs/tags/v*', actual: 'refs/heads/main', passed: false },
        { claim: 'github.event_name', operator: 'is', expected: 'push', actual: 'push', passed: true },
      ],
    },
  ],
};

describe('originsign sign', () => {
  test('says on stderr what goes on and on stdout what was signed', async () => {
    const { status, stdout, stderr } = await sign(['dist/*.tgz']);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `signed    signed/app.tgz.p7s  cms-detached  key acme-2026
proof     signed/originsign-ID12.tlog-proof  (and .provenance.sigstore.json)
`,
      stderr: `origin    github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)
request   ID12  SERVER/requests/ID43
`,
    });
    expect(await readFile(join(cli.folder, 'signed/app.tgz'), 'utf8')).toBe('an app');
  });

  test('with --json gives the result as one document', async () => {
    const { status, stdout } = await sign(['dist/*.tgz', '--json', '-o', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'completed',
      requestUrl: expect.stringMatching(/^SERVER\/requests\//) as string,
      files: [{ name: 'app.tgz', output: 'DIR/json/app.tgz', signaturePath: 'DIR/json/app.tgz.p7s' }],
      receiptPath: expect.stringMatching(/\.tlog-proof$/) as string,
    });
  });

  test('says why a request was denied, and ends with 3', async () => {
    const { status, stdout, stderr } = await sign(['dist/*.tgz'], { evaluation: { decision: 'deny', trace: DENIED } });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toBe(`error: denied by acme-app/release [policy.denied]
  rule tag-build: 1 of 2 conditions failed
    github.ref   expected glob refs/tags/v*   actual refs/heads/main
hint: sign from a ref that matches refs/tags/v*
see:  SERVER/errors/policy.denied
`);
  });

  test('asks for the decision alone with --dry-run', async () => {
    const evaluation = { decision: 'deny', trace: DENIED } as const;
    const { status, stdout, server } = await sign(['dist/*.tgz', '--dry-run'], { evaluation });
    expect(status).toBe(3);
    expect(stdout).toMatch(/rule tag-build: 1 of 2 conditions failed/);
    expect(stdout).toMatch(/^dry run: nothing was signed$/m);
    expect(server.calls.map(({ path }) => path)).toEqual(['/v1/evaluations']);
  });

  test('does not wait with --no-wait', async () => {
    const { status, stdout } = await sign(['dist/*.tgz', '--no-wait', '-o', 'none'], {
      states: ['waiting_for_approval'],
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^waiting for approval {2}[\w-]{12} {2}SERVER\/requests\/ID43$/m);
  });

  test('never prints the token', async () => {
    const { stdout, stderr, server } = await sign(['dist/*.tgz', '-o', 'secret'], {
      evaluation: { decision: 'deny', trace: DENIED },
    });
    const [{ body } = { body: new Uint8Array() }] = server.calls;
    const { tokens } = JSON.parse(Buffer.from(body).toString()) as { tokens: { ci: string } };
    expect(tokens.ci).toMatch(/^ey/);
    expect(stdout + stderr).not.toContain(tokens.ci.slice(0, 40));
  });

  test('moves one line on a terminal, and leaves whole lines and one JSON document behind', async () => {
    const server = await startFakeSigningServer({ keys, states: ['waiting_for_approval', 'signing', 'completed'] });
    const words = [process.execPath, cli.program, ...WORDS, 'dist/*.tgz'].map((word) => `'${word}'`).join(' ');
    const env = {
      ...{ PATH: process.env['PATH'], HOME: cli.folder, TERM: 'xterm', GITHUB_ACTIONS: 'true' },
      ...{ ORIGINSIGN_SERVER: server.url, ...issuer.startJob().environment },
    };
    // util-linux gives the command a terminal of its own.
    const onTerminal = (command: string) =>
      runChild('script', ['--quiet', '--return', '--command', command, '/dev/null'], { cwd: cli.folder, env });
    const watched = await onTerminal(`${words} -o watched`);
    const document = await onTerminal(`${words} -o document --json > result.json`);
    await server.close();
    expect(watched.status).toBe(0);
    expect(watched.stdout).toMatch(/\r\u001b\[Kwaiting {3}(?:approval|signature), since 00:00 {2}[|/\\-]/);
    const screen = new Screen(80);
    screen.write(watched.stdout);
    expect(screen.lines().map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['origin', 'request', 'signed', 'proof']),
    );
    expect(screen.lines().filter((line) => line.startsWith('waiting'))).toEqual([]);
    expect(document.status).toBe(0);
    expect(document.stdout).not.toContain('\u001b');
    expect(JSON.parse(await readFile(join(cli.folder, 'result.json'), 'utf8'))).toMatchObject({ status: 'completed' });
  });

  test('cancels the request when it is interrupted', async () => {
    const server = await startFakeSigningServer({ keys, states: ['waiting_for_approval'] });
    const environment = { GITHUB_ACTIONS: 'true', ORIGINSIGN_SERVER: server.url, ...issuer.startJob().environment };
    const child = cli.start([...WORDS, 'dist/*.tgz', '-o', 'cancelled'], environment);
    await expect.poll(() => server.calls.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await expect.poll(() => child.output(), { timeout: 60_000 }).toMatch(/^waiting /m);
    const { status, stderr } = await child.stop('SIGINT');
    await server.close();
    expect(status).toBe(3);
    expect(stderr).toMatch(/\[request\.cancelled\]$/m);
    expect(server.calls.map(({ path }) => path.split('/').at(-1))).toContain('cancel');
  });

  test('needs a CI job', async () => {
    const { status, stderr } = await cli.run([...WORDS, 'dist/*.tgz', '--server', 'http://localhost:1']);
    expect(status).toBe(5);
    expect(stderr).toMatch(/\[token\.unavailable\]/);
  });

  test.each([
    [['nothing/*'], 'input.no_files'],
    [['dist/*.tgz', '--timeout', 'soon'], 'input.invalid'],
    [['dist/*.tgz', '--on-timeout', 'wait'], 'input.invalid'],
    [['dist/*.tgz', '--parameter', 'novalue'], 'input.invalid'],
    [['dist/*.tgz', '--ca-file', 'no.pem'], 'input.file'],
  ])('%j is an input error before anything is sent', async (words, code) => {
    const { status, stderr, server } = await sign(words);
    expect({ status, code: /\[([a-z_.]+)\]$/m.exec(stderr)?.[1] }).toEqual({ status: 2, code });
    expect(server.calls).toEqual([]);
  });
});
