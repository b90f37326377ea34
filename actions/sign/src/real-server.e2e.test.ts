import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startConnectProxy, type ConnectProxy } from '@originsign/testkit/connect-proxy';
import { exportTrust, originsign, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { createRunner, type Runner, type StepOutcome } from './runner.test.fixture.ts';

const PASSWORD = 'hunter2-of-the-proxy';
let world: SigningWorld;
let proxy: ConnectProxy;
let trustPath: string;
let runner: Runner;

beforeAll(async () => {
  world = await startSigningWorld();
  proxy = await startConnectProxy({ credentials: `runner:${PASSWORD}` });
  trustPath = join(world.folder, 'trust.json');
  await exportTrust(world.signer, trustPath);
});
afterAll(async () => {
  await proxy.close();
  await world.stop();
});
beforeEach(async () => {
  runner = await createRunner();
  await runner.write('dist/notes.txt', 'what is new');
  await runner.write('dist/app.bin', new Uint8Array(2_000_000).fill(7));
  await copyFile(world.signer.caPath ?? '', join(runner.workspace, 'ca.pem'));
});
afterEach(() => runner.remove());

const inputs = (more: Readonly<Record<string, string>> = {}) => ({
  server: world.signer.url,
  project: 'acme-app',
  policy: 'release',
  files: 'dist/*',
  format: 'cms-detached',
  'output-directory': 'signed',
  'ca-file': 'ca.pem',
  ...more,
});

/** Through the proxy, as on a network that lets nothing else out. */
const network = () => ({ HTTPS_PROXY: proxy.url });

const secretsIn = (log: string): readonly string[] =>
  [...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, secret]) => secret ?? '');

function expectNoSecret({ log, outputs, summary }: StepOutcome, ...more: readonly string[]): void {
  const shown = [log.replace(/^::add-mask::.*$/gm, ''), JSON.stringify(outputs), summary].join('\n');
  for (const secret of [...secretsIn(log), PASSWORD, ...more]) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/eyJ[\w-]{20}/);
}

describe('the bundled action against a real signer', () => {
  it('signs through a proxy and a private authority, with a token endpoint that answers 503 first', async () => {
    const job = world.issuer.startJob({}, 2);
    const before = proxy.authorities.length;
    const outcome = await runner.run(inputs(), { ...job.environment, ...network() });
    expect(outcome).toMatchObject({ status: 0, outputs: { status: 'completed' } });
    expect(new Set(proxy.authorities.slice(before))).toEqual(new Set([new URL(world.signer.url).host]));
    expect(outcome.log).toMatch(/^retry {5}GitHub handed out no identity token/m);
    const { outputs } = outcome;
    const id = outputs['request-id'] ?? '';
    expect(job.audiences).toEqual([`${world.signer.url}/v1/signing-requests/${id}`]);
    expect(outputs).toMatchObject({
      'request-url': `${world.signer.url}/requests/${id}`,
      'receipt-path': `signed/originsign-${id.slice(0, 12)}.tlog-proof`,
      'provenance-path': `signed/originsign-${id.slice(0, 12)}.provenance.sigstore.json`,
    });
    const files = JSON.parse(outputs['files'] ?? '[]') as Readonly<Record<string, unknown>>[];
    expect(files.map(({ path, signature }) => [path, signature])).toEqual([
      ['signed/app.bin', 'signed/app.bin.p7s'],
      ['signed/notes.txt', 'signed/notes.txt.p7s'],
    ]);
    expect(outcome.summary).toContain('### OriginSign: 2 files signed');
    expect(secretsIn(outcome.log)).toEqual([
      job.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      expect.stringMatching(/^eyJ/),
    ]);
    expectNoSecret(outcome);
    await expectVerified('signed/app.bin', 'signed/notes.txt');
  });

  it('is denied with the condition, what was expected and what came, in an annotation, a summary and status 3', async () => {
    const ref = 'refs/heads/main';
    const job = world.issuer.startJob({ ref, workflow_ref: `acme/app/.github/workflows/release.yml@${ref}` });
    const outcome = await runner.run(inputs(), { ...job.environment, ...network() });
    expect(outcome).toMatchObject({ status: 3, outputs: { status: 'denied' } });
    const annotation =
      /^::error title=OriginSign%3A denied::(.*)$/m.exec(outcome.log)?.[1]?.replaceAll('%0A', '\n') ?? '';
    expect(annotation).toContain('denied by acme-app/release [policy.denied]');
    expect(annotation).toMatch(/github\.ref +expected glob refs\/tags\/v\* +actual refs\/heads\/main/);
    expect(annotation).toMatch(/^hint: .+/m);
    expect(annotation).toContain(`see:  ${world.signer.url}/errors/policy.denied`);
    expect(outcome.summary).toContain('denied by acme-app/release');
    expectNoSecret(outcome);
  });

  it('tells the decision alone in a dry run, and uses nothing up', async () => {
    const claims = { run_id: '90001' };
    const dry = inputs({ policy: 'once', 'dry-run': 'true' });
    for (const _ of ['once', 'again']) {
      const outcome = await runner.run(dry, { ...world.issuer.startJob(claims).environment, ...network() });
      expect(outcome).toMatchObject({ status: 0 });
      expect(outcome.summary).toContain('dry run');
    }
    const signed = await runner.run(inputs({ policy: 'once' }), {
      ...world.issuer.startJob(claims).environment,
      ...network(),
    });
    expect(signed).toMatchObject({ status: 0, outputs: { status: 'completed' } });
    const again = await runner.run(inputs({ policy: 'once' }), {
      ...world.issuer.startJob(claims).environment,
      ...network(),
    });
    expect(again.status).toBe(3);
    expect(again.log).toContain('[policy.limit]');
  });

  it('ends with status 5 where the proxy lets nobody through, where nobody vouches for the server, or no token comes', async () => {
    const environment = world.issuer.startJob().environment;
    const stranger = proxy.url.replace(PASSWORD, 'wrong');
    const quick = inputs({ timeout: '1s' });
    const refused = await runner.run(quick, { ...environment, HTTPS_PROXY: stranger });
    expect(refused).toMatchObject({ status: 5, outputs: { status: 'failed' } });
    expect(refused.log).toContain('[server.unreachable]');
    expectNoSecret(refused, 'wrong@');
    const untrusted = await runner.run(inputs({ 'ca-file': '' }), { ...environment, ...network() });
    expect(untrusted).toMatchObject({ status: 5, outputs: { status: 'failed' } });
    expect(untrusted.log).toContain('give the private authority with ca-file');
  });

  it('ends with status 4 when the time is over, and the request stays where it was left', async () => {
    world.timestamps.mode = 'silent';
    const late = inputs({ timeout: '3s', 'on-timeout': 'leave' });
    const outcome = await runner.run(late, { ...world.issuer.startJob().environment, ...network() });
    world.timestamps.mode = 'good';
    expect(outcome).toMatchObject({ status: 4, outputs: { status: 'signing' } });
    expect(outcome.log).toContain('[request.waiting]');
  });

  async function expectVerified(...names: readonly string[]): Promise<void> {
    const paths = names.map((name) => join(runner.workspace, name));
    const expected = ['--repository', 'https://github.com/acme/app', '--project', 'acme-app', '--policy', 'release'];
    const verified = await originsign('verify', ...paths, '--trust', trustPath, ...expected, '--trial');
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect((await readFile(paths[0] ?? '')).equals(Buffer.alloc(2_000_000, 7))).toBe(true);
  }
});
