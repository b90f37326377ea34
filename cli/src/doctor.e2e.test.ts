import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestSigner } from '@originsign/testkit/test-signer';
import { createCliBench, serveFiles, type CliBench } from './cli.test.fixture.ts';

let cli: CliBench;
beforeAll(async () => {
  cli = await createCliBench();
});
afterAll(() => cli.close());

const HEALTHY = new Map([
  ['/healthz', '{}'],
  ['/readyz', '{}'],
]);
const JOB = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'http://localhost:1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
};

async function doctor(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  { files = HEALTHY, headers = {} }: { files?: ReadonlyMap<string, string>; headers?: Record<string, string> } = {},
) {
  const server = await serveFiles(files, headers);
  const ran = await cli.run(['doctor', '--server', server.url, ...words], environment);
  await server.close();
  return { ...ran, stdout: ran.stdout.replaceAll(server.url, 'SERVER').replace(/\d+ s from/, 'N s from') };
}

describe('originsign doctor', () => {
  test('finds nothing wrong in a job that can sign', async () => {
    expect(await doctor([], JOB)).toEqual({
      status: 0,
      stderr: '',
      stdout: `ok        server    SERVER answers
ok        ready     HSM, log and database work
ok        clock     N s from the time of the server
ok        proxy     none
ok        platform  a job of GitHub Actions
ok        token     the job may ask for identity tokens
`,
    });
  });

  test('names the permission that a job lacks', async () => {
    const { status, stdout } = await doctor([], { GITHUB_ACTIONS: 'true' });
    expect(status).toBe(2);
    expect(stdout).toMatch(/^fail {6}token .*\n {2}hint: add "permissions: id-token: write" to the job/m);
  });

  test('warns outside of a CI job', async () => {
    const { status, stdout } = await doctor([], {});
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warn {6}platform /m);
  });

  test('sees a clock that is too far off', async () => {
    const { status, stdout } = await doctor([], JOB, { headers: { date: 'Sun, 22 Nov 2020 09:14:03 GMT' } });
    expect(status).toBe(3);
    expect(stdout).toMatch(/^fail {6}clock {5}N s from the time of the server\n {2}hint: /m);
  });

  test('warns where the server answers but cannot sign', async () => {
    const { status, stdout } = await doctor([], JOB, { files: new Map([['/healthz', '{}']]) });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warn {6}ready /m);
  });

  test('does not take anything for the server', async () => {
    expect(await doctor([], JOB, { files: new Map() })).toMatchObject({ status: 5 });
  });

  test('shows a proxy without its password', async () => {
    const environment = { ...JOB, HTTPS_PROXY: 'http://user:hunter2@proxy.acme.example:3128', NO_PROXY: 'localhost' };
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
    expect((await doctor(['--trust', 'trust.json'], JOB)).stdout).toMatch(
      /^warn {6}trust {5}it is of https:\/\/sign\.acme\.example$/m,
    );
    expect(await doctor(['--trust', 'bad.json'], JOB)).toMatchObject({ status: 2 });
    const { stdout } = await doctor(['--trust', 'bad.json', '--json'], JOB);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        { state: 'fail', name: 'trust', code: 'trust.malformed', text: expect.any(String) as string },
      ]) as unknown,
    });
  });
});
