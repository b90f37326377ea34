import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOriginSignError } from '@originsign/core/errors/error';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { childrenOf } from '@originsign/testkit/children-of';
import { signInJob, startSigningJob, type SigningJob } from '@originsign/testkit/signing-job';
import { exportTrust, originsign, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { logEntries, query } from './stored-facts.test.fixture.ts';

let world: SigningWorld;
let trustPath: string;

beforeAll(async () => {
  world = await startSigningWorld();
  trustPath = join(world.folder, 'trust.json');
  await exportTrust(world.signer, trustPath);
});
afterAll(() => world.stop());

const historyOf = (id: string) =>
  logEntries(world.signer.directory)
    .map((entry, index): Readonly<Record<string, unknown>> => ({ ...entry, index }))
    .filter((entry) => entry['requestId'] === id);
const typesOf = (id: string) => historyOf(id).map((entry) => entry['type']);

/** Waits until something is so; the test's own timeout bounds it. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 10));
}

const signerProcesses = () => childrenOf(world.signer.child.pid);

/** What everything comes down to: log and rows are whole, by the server's own check and by the verifier's. */
async function expectWhole(...jobs: readonly SigningJob[]): Promise<void> {
  expect(await world.signer.command('store', 'verify')).toMatchObject({ status: 0, stderr: '' });
  const receipts = await Promise.all(jobs.map(async ({ result }) => ['--receipt', (await result).receiptPath ?? '']));
  const kept = ['--trust', trustPath, '--ca-file', world.signer.caPath ?? '', ...receipts.flat()];
  expect(await originsign('log', 'verify', ...kept)).toMatchObject({ status: 0, stderr: '' });
}

/** Signatures that answers of the server carried, each once. */
function releasedBlocks({ answers }: SigningJob): ReadonlySet<string> {
  const views = answers.filter(({ status }) => status === 200).map(({ body }) => parseStrictJson(body));
  return new Set(JSON.stringify(views).match(/"block":"[^"]+"/g) ?? []);
}

describe('kill -9 of the server', () => {
  it('between INTENT and answer, and the client that asks again: one release, under an INTENT that names the lost one', async () => {
    world.timestamps.mode = 'silent';
    const asked = world.timestamps.requests;
    const job = await startSigningJob(world, { format: 'cms-detached', policy: 'release' });
    const id = await job.id;
    // The HSM has signed, nothing is recorded: the worst moment.
    await until(() => world.timestamps.requests > asked);
    expect(typesOf(id)).toEqual(['REQUEST', 'INTENT']);
    expect(await world.signer.halt('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    world.timestamps.mode = 'good';
    await world.signer.start();
    expect(await job.result).toMatchObject({ status: 'completed' });
    expect(typesOf(id)).toEqual(['REQUEST', 'INTENT', 'OUTCOME_UNKNOWN', 'INTENT', 'RESULT']);
    const [, lost, unknown, intent, result] = historyOf(id);
    expect(unknown).toMatchObject({ intent: { index: lost?.['index'] } });
    expect(intent).toMatchObject({ attempt: 2, replaces: { index: lost?.['index'] } });
    expect(intent?.['artifacts']).toEqual(lost?.['artifacts']);
    expect(result).toMatchObject({ intent: { index: intent?.['index'] } });
    expect(releasedBlocks(job).size).toBe(1);
    await expectWhole(job);
  });

  it('and nobody who asks again: the next start finishes the request by itself', async () => {
    world.timestamps.mode = 'silent';
    const asked = world.timestamps.requests;
    const options = { wait: false, onTimeout: 'leave' } as const;
    const job = await startSigningJob(world, { format: 'cms-detached', options });
    const id = await job.id;
    await until(() => world.timestamps.requests > asked);
    await world.signer.halt('SIGKILL');
    world.timestamps.mode = 'good';
    await world.signer.start();
    await until(() => typesOf(id).includes('RESULT'));
    expect(typesOf(id).filter((type) => type === 'RESULT')).toHaveLength(1);
    await job.result;
    await expectWhole();
  });

  it('while its HSM stands still: what the token had not begun is signed once', async () => {
    const frozen = await signerProcesses();
    expect(frozen.length).toBeGreaterThan(0);
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    const job = await startSigningJob(world);
    const id = await job.id;
    await until(() => typesOf(id).includes('INTENT'));
    const halted = world.signer.halt('SIGKILL');
    // They hold the server's output open, and would wake up into a world without it.
    for (const pid of frozen) process.kill(pid, 'SIGKILL');
    await halted;
    await world.signer.start();
    await job.result;
    expect(typesOf(id)).toEqual(['REQUEST', 'INTENT', 'OUTCOME_UNKNOWN', 'INTENT', 'RESULT']);
    expect(releasedBlocks(job).size).toBe(1);
    await expectWhole(job);
  });

  it('under a limit of one request per run does not use the limit up twice, nor lose it', async () => {
    world.timestamps.mode = 'silent';
    const claims = { run_id: '4711' };
    const asked = world.timestamps.requests;
    const job = await startSigningJob(world, { format: 'cms-detached', policy: 'once', claims });
    await until(() => world.timestamps.requests > asked);
    await world.signer.halt('SIGKILL');
    world.timestamps.mode = 'good';
    await world.signer.start();
    await job.result;
    const second = await startSigningJob(world, { policy: 'once', claims });
    await expect(second.result).rejects.toMatchObject({ code: 'policy.limit' });
  });
});

describe('kill -9 of signer processes', () => {
  it('under load loses no request, releases none twice, and everything verifies afterwards', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 12 }, (_, run) => startSigningJob(world, { claims: { run_id: String(50_000 + run) } })),
    );
    const settled = Promise.allSettled(jobs.map(({ result }) => result));
    const victims = new Set<number>();
    for (const job of jobs.slice(0, 3)) {
      const id = await job.id;
      await until(() => typesOf(id).includes('INTENT'));
      const [victim] = await signerProcesses();
      if (victim === undefined || victims.has(victim)) continue;
      victims.add(victim);
      process.kill(victim, 'SIGKILL');
    }
    expect(victims.size).toBeGreaterThan(0);
    for (const outcome of await settled) {
      // Whatever did not complete failed with a code that says: try again.
      if (outcome.status === 'rejected') expect(isOriginSignError(outcome.reason) && outcome.reason.status).toBe(503);
    }
    const ids = await Promise.all(jobs.map(({ id }) => id));
    await until(() => ids.every((id) => typesOf(id).at(-1) === 'RESULT' || typesOf(id).length === 0));
    for (const [index, id] of ids.entries()) {
      const job = jobs[index];
      expect(typesOf(id).filter((type) => type === 'RESULT').length).toBeLessThanOrEqual(1);
      if (job !== undefined) expect(releasedBlocks(job).size).toBeLessThanOrEqual(1);
    }
    const open = query(world.signer.directory, `select id from requests where state not in ('completed')`);
    expect(open).toEqual([]);
    const after = await signInJob(world);
    await expectWhole(after);
  });
});
