import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChild, startChild, type Child } from '@originsign/testkit/child';
import { startSigningJob, type SigningJob } from '@originsign/testkit/signing-job';
import { releasePolicies, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { ensureTools } from '@originsign/testkit/tools';
import { createCliBench, type CliBench, type Ran } from './cli.test.fixture.ts';

let world: SigningWorld;
let cli: CliBench;
let agent: Child;

const project = (releasePolicies('https://not-asked.example')['projects/acme-app.yml'] ?? '').replace(
  'limits: {perRun: 1}',
  'limits: {perRun: 1}, approvals: {count: 1, from: [group:release-managers]}',
);

beforeAll(async () => {
  ensureTools(['ssh-keygen']);
  cli = await createCliBench();
  for (const name of ['ada', 'bob', 'rita']) {
    const words = ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@acme.example`, '-f', name];
    expect((await runChild('ssh-keygen', words, { cwd: cli.folder })).status).toBe(0);
  }
  const line = async (name: string) => (await readFile(join(cli.folder, `${name}.pub`), 'utf8')).trimEnd();
  const roster = join(cli.folder, 'admins.yml');
  await writeFile(
    roster,
    `version: 1
people:
  - {id: ada, groups: [release-managers], keys: ["${await line('ada')}"]}
  - {id: bob, groups: [release-managers], keys: ["${await line('bob')}"]}
  - {id: rita, groups: [developers], keys: ["${await line('rita')}"], identities: [{system: github, actorId: "583231"}]}
`,
  );
  world = await startSigningWorld({
    policies: { 'projects/acme-app.yml': project },
    configure: (text) => `${text}\nadmins: {file: ${roster}}\n`,
  });
  agent = startChild('ssh-agent', ['-D', '-a', join(cli.folder, 'agent')], { cwd: cli.folder });
});
afterAll(async () => {
  await agent.stop();
  await world.stop();
  await cli.close();
});

const requests = (...words: readonly string[]): Promise<Ran> =>
  cli.run(['requests', ...words, '--server', world.signer.url, '--ca-file', world.signer.caPath ?? ''], {
    SSH_AUTH_SOCK: join(cli.folder, 'agent'),
  });

async function waitingJob(run: string): Promise<SigningJob & { readonly requestId: string }> {
  const job = await startSigningJob(world, { policy: 'once', claims: { run_id: run } });
  await expect.poll(() => job.events.some(({ kind }) => kind === 'waiting'), { timeout: 30_000 }).toBe(true);
  return { ...job, requestId: await job.id };
}

describe('originsign requests', () => {
  test('lists, shows and approves what waits, and the job goes on', async () => {
    const job = await waitingJob('1');
    expect(job.events.find(({ kind }) => kind === 'waiting')).toMatchObject({
      approvals: { count: 1, approved: 0, from: ['group:release-managers'] },
    });
    const list = await requests('list', '--key', 'ada');
    expect(list.stdout).toMatch(
      new RegExp(
        `^waiting {3}${job.requestId}  acme-app/once  1 artifact  github.com/acme/app refs/tags/v1.4.0  0 of 1`,
      ),
    );
    const shown = await requests('show', job.requestId, '--key', 'ada');
    const { stdout } = shown;
    expect(stdout).toMatch(/^state {5}waiting for approval, 0 of 1 \(release-managers\), until \d{4}-/m);
    expect(stdout).toMatch(
      /^origin {4}github.com\/acme\/app@9f31c2e refs\/tags\/v1.4.0, run 1 attempt 1 \(audience\)$/m,
    );
    expect(stdout).toMatch(/^requester {2}octocat {2}person rita$/m);
    expect(stdout).toMatch(/^policy {4}acme-app\/once {2}rule tag-build$/m);
    expect(stdout).toMatch(/^limits {4}1 per run$/m);
    expect(stdout).toMatch(
      /^artifact {2}app.txt {2}raw {2}key trial-raw\n {10}sha256 [0-9a-f]{64}\n {10}claimed by the job, unchecked: file of \d+ B, sha256 [0-9a-f]{64}$/m,
    );
    const approved = await requests('approve', job.requestId, '--key', 'ada', '--reason', 'checked the build');
    expect(approved).toMatchObject({ status: 0 });
    expect(approved.stderr).toContain('artifact  app.txt');
    expect(approved.stdout).toMatch(/^approved {2}[\w-]{12} {2}as ada {2}/);
    expect(await job.result).toMatchObject({ status: 'completed' });
    const after = await requests('show', job.requestId, '--key', 'bob', '--json');
    expect(JSON.parse(after.stdout)).toMatchObject({
      state: 'completed',
      decisions: [{ person: 'ada', decision: 'approve', reason: 'checked the build' }],
    });
  });

  test('denies with a key that an agent holds, by the URL of the page, and the job is told why', async () => {
    const job = await waitingJob('2');
    const environment = { SSH_AUTH_SOCK: join(cli.folder, 'agent'), PATH: process.env['PATH'] };
    await runChild('ssh-add', ['-q', 'bob'], { cwd: cli.folder, env: environment });
    await runChild('mv', ['bob', 'bob.gone'], { cwd: cli.folder });
    const page = `${world.signer.url}/requests/${job.requestId}`;
    const denied = await requests('deny', page, '--key', 'bob.pub', '--reason', 'not this one');
    expect(denied).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^denied .* as bob {2}denied\n$/) as string,
    });
    await expect(job.result).rejects.toMatchObject({
      code: 'approval.denied',
      message: 'An approver denied the request. They say: not this one',
    });
    const late = await requests('approve', job.requestId, '--key', 'ada');
    expect(late.status).toBe(3);
    expect(late.stderr).toMatch(/\[request\.state\]/);
  });

  test.each([
    ['the requester', ['list', '--key', 'rita'], 0, /^nothing {3}waits for you$/m],
    ['a key that is not there', ['list', '--key', 'nobody'], 2, /\[input\.invalid\]/],
    ['no key', ['list'], 2, /\[input\.missing\]/],
    ['a short id', ['show', 'pQ3vT0sZc81K', '--key', 'ada'], 2, /\[input\.invalid\]/],
    ['an unknown id', ['show', 'A'.repeat(43), '--key', 'ada'], 2, /\[request\.not_found\]/],
  ])('say what to do with %s', async (_name, words, status, pattern) => {
    const ran = await requests(...words);
    expect(ran.status).toBe(status);
    expect(ran.stdout + ran.stderr).toMatch(pattern);
  });
});
