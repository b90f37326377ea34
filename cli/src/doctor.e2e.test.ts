import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import { TestSigner } from '@originsign/testkit/test-signer';
import { createCliBench, serveFiles, trustNote, type CliBench } from './cli.test.fixture.ts';

let cli: CliBench;
let issuer: GithubIssuer;
let job: NodeJS.ProcessEnv;
beforeAll(async () => {
  [cli, issuer] = await Promise.all([createCliBench(), startGithubIssuer()]);
  job = {
    ...{ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/tags/v1.4.0' },
    ...{ RUNNER_ENVIRONMENT: 'github-hosted', GITHUB_RUN_ATTEMPT: '1' },
    ...issuer.startJob().environment,
  };
});
afterAll(async () => {
  await issuer.close();
  await cli.close();
});

const HEALTHY = new Map([
  ['/healthz', '{}'],
  ['/readyz', '{}'],
]);

async function doctor(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  { files = HEALTHY, headers = {} }: { files?: ReadonlyMap<string, string>; headers?: Record<string, string> } = {},
) {
  const server = await serveFiles(files, headers);
  const ran = await cli.run(['doctor', '--server', server.url, ...words], environment);
  await server.close();
  const clean = (text: string) =>
    text
      .replaceAll(server.url, 'SERVER')
      .replaceAll(issuer.url, 'ISSUER')
      .replace(/\d+ s from/, 'N s from')
      .replace(/^( +key +)[\w-]+$/m, '$1KEY');
  return { ...ran, stdout: clean(ran.stdout) };
}

describe('originsign doctor', () => {
  test('explains what a job can prove that can sign', async () => {
    expect(await doctor([], job)).toEqual({
      status: 0,
      stderr: '',
      stdout: `ok        platform  a job of GitHub Actions
ok        event     started by push for refs/tags/v1.4.0
ok        runner    github-hosted
ok        proxy     none
ok        ca        the usual authorities
ok        token     the job has an identity token
                    issuer      ISSUER
                    key         KEY
                    algorithm   RS256
                    lifetime    300 s
ok        audience  SERVER
ok        claims    what policies can look at
                    sub                     repo:acme/app:ref:refs/tags/v1.4.0
                    ref                     refs/tags/v1.4.0
                    ref_type                tag
                    ref_protected           true
                    sha                     9f31c2e0d4b86a57913fe2dc0b745a618e3cf290
                    repository              acme/app
                    repository_id           771245825
                    repository_owner        acme
                    repository_owner_id     145685596
                    repository_visibility   private
                    actor                   octocat
                    actor_id                583231
                    event_name              push
                    workflow                release
                    workflow_ref            acme/app/.github/workflows/release.yml@refs/tags/v1.4.0
                    workflow_sha            9f31c2e0d4b86a57913fe2dc0b745a618e3cf290
                    job_workflow_ref        acme/app/.github/workflows/release.yml@refs/tags/v1.4.0
                    job_workflow_sha        9f31c2e0d4b86a57913fe2dc0b745a618e3cf290
                    run_id                  30433642
                    run_number              10
                    run_attempt             1
                    check_run_id            48211122334
                    runner_environment      github-hosted
ok        binding   audience: each token is made for one request, so a stolen one signs nothing else
ok        server    SERVER answers
ok        ready     HSM, log and database work
ok        clock     N s from the time of the server
`,
    });
  });

  test('names the permission that a job lacks', async () => {
    const { status, stdout, stderr } = await doctor([], { GITHUB_ACTIONS: 'true' });
    expect(status).toBe(2);
    expect(stdout).toMatch(/^fail {6}token .*\n {2}hint: add "permissions: id-token: write" to the job/m);
    expect(stderr).toMatch(/^error: 1 check failed \[token\.permission\]\nhint: each check that failed says above/);
  });

  test('reads the event of a pull request, to know a fork', async () => {
    const pull_request = { head: { repo: { id: 2 } }, base: { repo: { id: 1 } } };
    await cli.write({ 'event.json': JSON.stringify({ pull_request }) });
    const path = join(cli.folder, 'event.json');
    const environment = { ...job, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path };
    expect((await doctor([], environment)).stdout).toMatch(/^fail {6}event .*from a fork/m);
  });

  test('says by which name the server goes', async () => {
    const trust = new TestSigner().trust();
    const files = new Map([...HEALTHY, ['/v1/trust', await trustNote(trust, new TestSigner().log.signer)]]);
    const { status, stdout } = await doctor([], job, { files });
    expect(status).toBe(3);
    expect(stdout).toMatch(
      /^fail {6}url {7}the server calls itself https:\/\/sign\.acme\.example\n {2}hint: give https/m,
    );
  });

  test('goes on where the network cannot be set up', async () => {
    const { status, stdout } = await doctor(['--ca-file', 'missing.pem'], job);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^ok {8}platform [^]*^fail {6}network {3}The CA file "missing\.pem" cannot be read$/m);
  });

  test('warns outside of a CI job', async () => {
    const { status, stdout } = await doctor([], {});
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warn {6}platform /m);
  });

  test('sees a clock that is too far off', async () => {
    const { status, stdout } = await doctor([], job, { headers: { date: 'Sun, 22 Nov 2020 09:14:03 GMT' } });
    expect(status).toBe(3);
    expect(stdout).toMatch(/^fail {6}clock {5}N s from the time of the server\n {2}hint: /m);
  });

  test('warns where the server answers but cannot sign', async () => {
    const { status, stdout } = await doctor([], job, { files: new Map([['/healthz', '{}']]) });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warn {6}ready /m);
  });

  test('does not take anything for the server', async () => {
    expect(await doctor([], job, { files: new Map() })).toMatchObject({ status: 5 });
  });

  test('shows a proxy without its password', async () => {
    const environment = { ...job, HTTPS_PROXY: 'http://user:hunter2@proxy.acme.example:3128', NO_PROXY: 'localhost' };
    const { stdout, stderr } = await doctor([], environment);
    expect(stdout).toMatch(/^ok {8}proxy {5}proxy\.acme\.example:3128, not for localhost$/m);
    expect(stdout + stderr).not.toMatch(/hunter2|user:/);
  });

  test('looks at the trust file', async () => {
    await cli.write({
      'trust.json': JSON.stringify(new TestSigner().trust()),
      'trial.json': JSON.stringify({ ...new TestSigner().trust(), trial: true }),
      'bad.json': '{}',
    });
    expect((await doctor(['--trust', 'trust.json'], job)).stdout).toMatch(
      /^warn {6}trust {5}it is of https:\/\/sign\.acme\.example$/m,
    );
    expect(await doctor(['--trust', 'bad.json'], job)).toMatchObject({ status: 2 });
    const { stdout } = await doctor(['--trust', 'bad.json', '--json'], job);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        { state: 'fail', name: 'trust', code: 'trust.malformed', text: expect.any(String) as string },
      ]) as unknown,
    });
  });
});
