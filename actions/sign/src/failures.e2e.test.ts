import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { startConnectProxy, type ConnectProxy } from '@originsign/testkit/connect-proxy';
import type { ClaimChanges } from '@originsign/testkit/github-issuer';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { createRunner, type Runner, type StepOutcome } from './runner.test.fixture.ts';

const COMMAND = fileURLToPath(new URL('../../../cli/dist/originsign.mjs', import.meta.url));

let world: SigningWorld;
let proxy: ConnectProxy;
let runner: Runner;
let closedPort: number;

beforeAll(async () => {
  [world, runner] = await Promise.all([startSigningWorld(), createRunner()]);
  proxy = await startConnectProxy({ credentials: 'runner:hunter2-of-the-proxy' });
  closedPort = await freeLoopbackPort();
  await mkdir(join(runner.workspace, 'dist'));
  await writeFile(join(runner.workspace, 'dist/notes.txt'), 'what is new');
});
afterAll(async () => {
  await Promise.all([runner.remove(), proxy.close(), world.stop()]);
});

/** One thing that goes wrong, and every word that a person then reads. */
interface Failure {
  readonly what: string;
  readonly claims?: ClaimChanges;
  /** Instead of the server, or of variables that make everything go well. */
  readonly change?: () => { readonly server?: string; readonly environment?: NodeJS.ProcessEnv };
  readonly status: number;
  readonly title?: string;
  readonly said: string;
}

const branch = { ref: 'refs/heads/main', workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/main' };
const hourAgo = (): ClaimChanges => {
  const now = Math.floor(Date.now() / 1000);
  return { nbf: now - 4200, iat: now - 3600, exp: now - 3300 };
};

const FAILURES: readonly Failure[] = [
  {
    what: 'a job without the permission',
    change: () => ({ environment: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' } }),
    status: 2,
    said: `error: The job may not ask GitHub for an identity token [token.permission]
hint: add "permissions: id-token: write" to the job; pull requests from forks never get tokens
see:  SERVER/errors/token.permission`,
  },
  {
    what: 'a platform that hands out no token',
    change: () => ({ environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-another-job' } }),
    status: 5,
    said: `error: GitHub handed out no identity token: it answered with status 401 [token.unavailable]
hint: look at the status of GitHub Actions, then run the job again
see:  SERVER/errors/token.unavailable`,
  },
  {
    what: 'a token for another audience',
    claims: { aud: 'https://sign.other.example/v1/signing-requests/abc' },
    status: 3,
    title: 'denied',
    said: `error: The token was made for another audience [token.audience]
  expected audience SERVER/v1/signing-requests/ID43
hint: make the token for exactly the audience that is expected
see:  SERVER/errors/token.audience`,
  },
  {
    what: 'an expired token',
    claims: hourAgo(),
    status: 3,
    title: 'denied',
    said: `error: The token is refused: it is expired [token.time]
hint: get the token in the step that signs; if it is fresh, originsign doctor compares the clocks
see:  SERVER/errors/token.time`,
  },
  {
    what: 'a job that the policy denies',
    claims: branch,
    status: 3,
    title: 'denied',
    said: `error: denied by acme-app/release [policy.denied]
  rule tag-build: 1 of 9 conditions failed
    github.ref   expected glob refs/tags/v*   actual refs/heads/main
hint: sign from a ref that matches refs/tags/v*
see:  SERVER/errors/policy.denied`,
  },
  {
    what: 'a repository that no project links',
    claims: { repository_id: '1' },
    status: 3,
    title: 'denied',
    said: `error: This repository is not linked to a project of that name [project.unknown]
hint: ask the platform team to link the repository
see:  SERVER/errors/project.unknown`,
  },
  {
    what: 'a server that is down',
    change: () => ({ server: `http://localhost:${closedPort}` }),
    status: 5,
    said: `error: No answer from localhost:CLOSED: nobody listens there (ECONNREFUSED) [server.unreachable]
hint: check address and port, and that the server runs`,
  },
  {
    what: 'a certificate that nobody here trusts',
    change: () => ({ environment: { NODE_EXTRA_CA_CERTS: '' } }),
    status: 5,
    said: `error: No answer from HOST: its certificate is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE) [server.unreachable]
hint: give the private authority with ca-file, a PEM file`,
  },
  {
    what: 'a proxy that wants a password',
    change: () => ({ environment: { HTTPS_PROXY: proxy.url.replace('hunter2-of-the-proxy', 'another') } }),
    status: 5,
    said: `error: No answer from HOST: the proxy PROXY wants a user name and a password (407) [server.unreachable]
hint: put them into HTTPS_PROXY: http://user:password@host:port`,
  },
  {
    what: 'a proxy that lets nobody through',
    change: () => ({ server: 'https://sign.acme.example', environment: { HTTPS_PROXY: proxy.url } }),
    status: 5,
    said: `error: No answer from sign.acme.example: the proxy PROXY does not let this machine connect there (403) [server.unreachable]
hint: ask whoever runs the proxy to allow this address, or name it in NO_PROXY`,
  },
  {
    what: 'a proxy that is down',
    change: () => ({ environment: { HTTPS_PROXY: `http://localhost:${closedPort}` } }),
    status: 5,
    said: `error: No answer from HOST: the proxy localhost:CLOSED cannot be reached (ECONNREFUSED) [server.unreachable]
hint: check HTTPS_PROXY and NO_PROXY`,
  },
];

function settingsOf({ claims = {}, change }: Failure) {
  const { server = world.signer.url, environment = {} } = change?.() ?? {};
  const job = world.issuer.startJob(claims).environment;
  return {
    server,
    environment: { ...job, GITHUB_ACTIONS: 'true', NODE_EXTRA_CA_CERTS: world.signer.caPath, ...environment },
  };
}

/** What differs from run to run is named. */
function clean(text: string): string {
  const host = new URL(world.signer.url).host;
  return text
    .replaceAll(world.signer.url, 'SERVER')
    .replaceAll(host, 'HOST')
    .replaceAll(new URL(proxy.url).host, 'PROXY')
    .replaceAll(`localhost:${closedPort}`, 'localhost:CLOSED')
    .replace(/requests\/[\w-]{43}/g, 'requests/ID43');
}

/** Attempts are made again for as long as the time lasts, at random moments. */
const withoutRetries = (text: string): string => text.replace(/^retry .*\n/gm, '');
const SECRETS = /eyJ[\w-]{20}|hunter2|another@/;

describe.concurrent('what people read', () => {
  it.each(FAILURES.map((failure) => [failure.what, failure] as const))(
    'of %s, both wrappers say the same',
    async (_what, failure) => {
      const [command, action] = await Promise.all([runCommand(failure), runAction(failure)]);
      expect({ ...command, stderr: withoutRetries(clean(command.stderr)) }).toEqual({
        ...{ status: failure.status, signal: null, stdout: '' },
        stderr: `${failure.said}\n`,
      });
      const title = failure.title ?? 'not signed';
      const annotation = new RegExp(`^::error title=OriginSign%3A ${title}::(.*)$`, 'm').exec(action.log)?.[1] ?? '';
      expect(clean(annotation.replaceAll('%0A', '\n').replaceAll('%25', '%'))).toBe(failure.said);
      const status = title === 'denied' ? 'denied' : 'failed';
      expect(action).toMatchObject({ status: failure.status, outputs: { status } });
      const page = clean(asShown(action.summary));
      expect(page).toMatch(/^### OriginSign: (?:not signed|denied by acme-app\/release)$/m);
      expect(page).toContain(`**Hint:** ${/^hint: (.*)$/m.exec(failure.said)?.[1] ?? '-'}`);
      const log = action.log.replace(/^::add-mask::.*$/gm, '');
      expect(`${command.stderr}${log}${action.summary}`).not.toMatch(SECRETS);
    },
  );
});

function runCommand(failure: Failure): Promise<Outcome> {
  const { server, environment } = settingsOf(failure);
  const words = ['sign', 'dist/*', '--server', server, '--project', 'acme-app', '--policy', 'release'];
  const more = ['--format', 'cms-detached', '-o', 'signed', '--timeout', '1s'];
  const env = { PATH: process.env['PATH'], ...environment };
  return runChild(process.execPath, [COMMAND, ...words, ...more], { cwd: runner.workspace, env });
}

function runAction(failure: Failure): Promise<StepOutcome> {
  const { server, environment } = settingsOf(failure);
  return runner.run({ ...inputs(), server, timeout: '1s' }, environment);
}

const inputs = () => ({
  ...{ server: world.signer.url, project: 'acme-app', policy: 'release', files: 'dist/*' },
  ...{ format: 'cms-detached', 'output-directory': 'signed' },
});

/** A summary as a person sees it: without tags, references as what they stand for. */
function asShown(markdown: string): string {
  const text = markdown.replace(/<[^>]*>/g, '');
  return text.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
}

describe('the page of the job', () => {
  it('shows what was signed, by which key, from where, by which rule, and where it stands in the log', async () => {
    const { summary } = await runner.run(inputs(), settingsOf({ what: '', status: 0, said: '' }).environment);
    const shown = clean(asShown(summary))
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME')
      .replace(/(originsign-|Request \| )[\w-]{12}/g, '$1ID12')
      .replace(/entry \d+ of \S+\/trial/, 'entry N of HOST/trial');
    expect(shown).toBe(`### OriginSign: 1 file signed

| File | Format | Key | Timestamp | Covered digest |
| --- | --- | --- | --- | --- |
| notes.txt | cms-detached | trial-cms | TIME | sha256:7db955b52002… |

| Verified |  |
| --- | --- |
| Origin | github.com/acme/app@9f31c2e refs/tags/v1.4.0 |
| Run | run 30433642 attempt 1 |
| Token | made by the platform for this one request (audience) |
| Policy | acme-app/release, rule tag-build |
| Request | ID12 |
| Files | every finished file was read again, and its signature verified |
| Log | entry N of HOST/trial, receipt originsign-ID12.tlog-proof, provenance originsign-ID12.provenance.sigstore.json |

`);
  });

  it('shows which condition failed where the job is denied', async () => {
    const denied = settingsOf({ what: '', claims: branch, status: 3, said: '' });
    const { summary } = await runner.run(inputs(), denied.environment);
    expect(clean(asShown(summary))).toBe(`### OriginSign: denied by acme-app/release

Denied by acme-app/release: rule tag-build. (policy.denied)

rule tag-build: 1 of 9 conditions failed

| Condition | Expected | Actual |
| --- | --- | --- |
| github.ref | glob refs/tags/v* | refs/heads/main |

**Hint:** sign from a ref that matches refs/tags/v*

`);
  });
});
