import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '@originsign/core/formats/bytes-source';
import { formatById } from '@originsign/core/formats/registry';
import { startConnectProxy } from '@originsign/testkit/connect-proxy';
import { makeFakeSignerKeys } from '@originsign/testkit/fake-signatures';
import { startFakeSigningServer, type FakeServerOptions } from '@originsign/testkit/fake-signing-server';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionTrace } from '@originsign/core/protocol/trace';
import { createRunner, type Runner, type StepOutcome } from './runner.test.fixture.ts';

const keys = makeFakeSignerKeys();
const certificate = makeServerCertificate('localhost', 'sign.acme.example');
const trace = {
  project: 'acme-app',
  policy: 'release',
  policyHash: 'a'.repeat(64),
  decision: 'deny',
  rule: 'tag-build',
  rules: [
    {
      rule: 'tag-build',
      effect: 'allow',
      passed: false,
      conditions: [
        { claim: 'github.ref', operator: 'glob', expected: 'refs/tags/v*', actual: 'refs/heads/main', passed: false },
        { claim: 'github.event_name', operator: 'in', expected: ['push'], actual: 'push', passed: true },
      ],
    },
  ],
} as const satisfies DecisionTrace;
const denial = { decision: 'deny', trace } as const;

let issuer: GithubIssuer;
let runner: Runner;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  issuer = await startGithubIssuer();
});
afterAll(() => issuer.close());
beforeEach(async () => {
  runner = await createRunner();
  await runner.write('dist/notes.txt', 'what is new');
  await runner.write('dist/sub/data.bin', new Uint8Array(3_000_000).fill(7));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await runner.remove();
});

async function startServer(options: Omit<FakeServerOptions, 'keys'> = {}) {
  const server = await startFakeSigningServer({ keys, ...options });
  closers.push(() => server.close());
  return server;
}

const inputs = (server: string, more: Readonly<Record<string, string>> = {}) => ({
  server,
  project: 'acme-app',
  policy: 'release',
  files: 'dist/**/*\n!dist/**/*.bak',
  format: 'auto,cms-detached',
  'output-directory': 'signed',
  ...more,
});

const tokensIn = (log: string): readonly string[] =>
  [...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, secret]) => secret ?? '');

/** Everything that a step shows, without the commands that mask. */
function shown({ log, outputs, summary }: StepOutcome): string {
  return [log.replace(/^::add-mask::.*$/gm, ''), JSON.stringify(outputs), summary].join('\n');
}

function expectNoSecret(outcome: StepOutcome): void {
  const secrets = tokensIn(outcome.log);
  for (const secret of secrets) expect(shown(outcome)).not.toContain(secret);
  expect(shown(outcome)).not.toMatch(/eyJ[\w-]{20}/);
}

describe('the sign action', () => {
  it('signs, with a token endpoint that is unavailable at first, and tells later steps and people', async () => {
    const server = await startServer();
    const job = issuer.startJob({}, 2);
    const outcome = await runner.run(inputs(server.url), job.environment);
    expect(outcome).toMatchObject({ status: 0, outputs: { status: 'completed' } });
    const { outputs } = outcome;
    const id = outputs['request-id'] ?? '';
    expect(job.audiences).toEqual([`${server.url}/v1/signing-requests/${id}`]);
    expect(outputs['request-url']).toBe(`${server.url}/requests/${id}`);
    expect(outputs['receipt-path']).toBe(`signed/originsign-${id.slice(0, 12)}.tlog-proof`);
    expect(outputs['provenance-path']).toBe(`signed/originsign-${id.slice(0, 12)}.provenance.sigstore.json`);
    const files = JSON.parse(outputs['files'] ?? '') as Record<string, unknown>[];
    expect(files.map(({ path, signature, format }) => [path, signature, format])).toEqual([
      ['signed/notes.txt', 'signed/notes.txt.p7s', 'cms-detached'],
      ['signed/sub/data.bin', 'signed/sub/data.bin.p7s', 'cms-detached'],
    ]);
    await expectSigned('signed/notes.txt');
    expect(outcome.log).toMatch(/^retry {5}GitHub handed out no identity token/m);
    expect(outcome.log).toMatch(/^signed {4}signed\/notes\.txt\.p7s {2}cms-detached {2}key acme-2026$/m);
    expect(outcome.summary).toContain('### OriginSign: 2 files signed');
    expectNoSecret(outcome);
    expect(tokensIn(outcome.log)).toHaveLength(2);
    expect(outcome.log.indexOf('::add-mask::')).toBeLessThan(outcome.log.indexOf('origin '));
  });

  it('reaches a server behind a proxy whose certificate comes from a private authority', async () => {
    const server = await startServer({ tls: certificate, host: 'sign.acme.example' });
    const port = new URL(server.url).port;
    const routes = { [`sign.acme.example:${port}`]: `localhost:${port}` };
    const proxy = await startConnectProxy({ routes, credentials: 'runner:hunter2' });
    closers.push(() => proxy.close());
    await runner.write('ca.pem', certificate.ca);
    const environment = { ...issuer.startJob().environment, HTTPS_PROXY: proxy.url };
    const outcome = await runner.run(inputs(server.url, { 'ca-file': 'ca.pem' }), environment);
    expect(outcome.status).toBe(0);
    expect(proxy.authorities).toEqual([`sign.acme.example:${port}`]);
    expect(shown(outcome)).not.toContain('hunter2');
    const extra = { ...environment, NODE_EXTRA_CA_CERTS: join(runner.workspace, 'ca.pem') };
    expect((await runner.run(inputs(server.url, { 'output-directory': 'again' }), extra)).status).toBe(0);
    const untrusted = await runner.run(inputs(server.url), environment);
    expect(untrusted).toMatchObject({ status: 5, outputs: { status: 'failed' } });
    expect(untrusted.log).toContain('give the private authority with ca-file');
  });

  it('says which condition of which rule denied it, expected and actual', async () => {
    const server = await startServer({ evaluation: denial });
    const outcome = await runner.run(inputs(server.url), issuer.startJob().environment);
    expect(outcome).toMatchObject({ status: 3, outputs: { status: 'denied' } });
    const annotation = /^::error title=OriginSign%3A denied::(.*)$/m.exec(outcome.log)?.[1]?.replaceAll('%0A', '\n');
    expect(annotation).toContain('error: denied by acme-app/release [policy.denied]');
    expect(annotation).toContain('rule tag-build: 1 of 2 conditions failed');
    expect(annotation).toMatch(/github\.ref +expected glob refs\/tags\/v\* +actual refs\/heads\/main/);
    expect(annotation).toMatch(/^hint: .+/m);
    expect(annotation).toContain(`see:  ${server.url}/errors/policy.denied`);
    expect(outcome.summary).toContain('denied by acme-app/release');
    expect(outcome.summary).toContain('tag-build');
    expect(await readdir(runner.workspace)).not.toContain('signed');
    expectNoSecret(outcome);
  });

  it('asks for the decision alone in a dry run', async () => {
    const server = await startServer({ evaluation: denial });
    const dryRun = inputs(server.url, { 'dry-run': 'true' });
    const denied = await runner.run(dryRun, issuer.startJob().environment);
    expect(denied).toMatchObject({ status: 3, outputs: { status: 'denied' } });
    expect(denied.summary).toContain('dry run, would be denied');
    expect(server.calls.map(({ path }) => path)).toEqual(['/v1/evaluations']);
  });

  it.each([
    [{ files: '' }, {}, 2, 'The input files is missing'],
    [{ wait: 'maybe' }, {}, 2, 'wait takes true or false'],
    [{ timeout: '1 hour' }, {}, 2, 'The input timeout'],
    [{ 'on-timeout': 'stop' }, {}, 2, 'on-timeout takes cancel or leave'],
    [{ files: 'dist/*.exe' }, {}, 2, 'No file matches'],
    [{ server: 'http://sign.acme.example' }, {}, 2, 'it is not https'],
    [{ 'ca-file': 'missing.pem' }, {}, 2, 'missing.pem'],
    [{}, { ACTIONS_ID_TOKEN_REQUEST_URL: undefined }, 2, 'add "permissions: id-token: write" to the job'],
  ])('ends on %j %j with status %i and says: %s', async (change, environment, status, message) => {
    const server = await startServer();
    const outcome = await runner.run(inputs(server.url, change), { ...issuer.startJob().environment, ...environment });
    expect(outcome.status).toBe(status);
    expect(outcome.log).toMatch(/^::error title=OriginSign%3A not signed::/m);
    expect(outcome.log).toContain(message);
    expect(outcome.summary).toContain('not signed');
    expect(server.calls).toEqual([]);
  });

  it('ends with status 5 where nobody answers', async () => {
    const server = `http://localhost:${await freeLoopbackPort()}`;
    const outcome = await runner.run(inputs(server, { timeout: '1s' }), issuer.startJob().environment);
    expect(outcome).toMatchObject({ status: 5, outputs: { status: 'failed' } });
    expect(outcome.log).toContain('[server.unreachable]');
  });

  it('ends with status 4 when the time is over, and tells the state of the request', async () => {
    const server = await startServer({ states: ['waiting_for_approval'] });
    const late = inputs(server.url, { timeout: '2s', 'on-timeout': 'leave' });
    const outcome = await runner.run(late, issuer.startJob().environment);
    expect(outcome).toMatchObject({ status: 4, outputs: { status: 'waiting_for_approval' } });
    expect(outcome.outputs['request-id']).toHaveLength(43);
    expect(outcome.log).toMatch(/^waiting {3}approval, since 00:0\d$/m);
  });

  it('cancels the request when the runner stops the job', async () => {
    const server = await startServer({ states: ['waiting_for_approval'] });
    const step = await runner.start(inputs(server.url), issuer.startJob().environment);
    while (!step.child.output().includes('\nwaiting ')) await new Promise((wake) => setTimeout(wake, 20));
    step.child.process.kill('SIGINT');
    expect(await step.outcome).toMatchObject({ status: 3, outputs: { status: 'cancelled' } });
    expect(server.calls.at(-1)?.path).toMatch(/\/cancel$/);
  });

  async function expectSigned(name: string): Promise<void> {
    const content = await readFile(join(runner.workspace, name));
    const verified = await formatById('cms-detached').verify(bytesSource(content), (extension) =>
      readFile(join(runner.workspace, name + extension)),
    );
    expect(verified?.spki).toEqual(keys.publisher.key.spki);
  }
});
