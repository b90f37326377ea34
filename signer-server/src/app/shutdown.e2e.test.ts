import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInJob, startSigningJob } from '@originsign/testkit/signing-job';
import { startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { childrenOf } from '@originsign/testkit/children-of';
import { logEntries } from './stored-facts.test.fixture.ts';

let world: SigningWorld;

beforeAll(async () => {
  world = await startSigningWorld();
});
afterAll(() => world.stop());

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 10));
}

describe('a second server on the same store', () => {
  it('is refused, and the first goes on', async () => {
    const second = await world.signer.command('serve');
    expect(second.status).not.toBe(0);
    expect(second.stderr).toMatch(/^error: Another process serves this store\. \[store\.unavailable\]$/m);
    expect((await signInJob(world)).signed.status).toBe('completed');
  });
});

describe('SIGTERM', () => {
  it('finishes what is with the HSM, answers it, logs the stop last, and leaves no process behind', async () => {
    const processes = await childrenOf(world.signer.child.pid);
    expect(processes.length).toBeGreaterThan(0);
    for (const pid of processes) process.kill(pid, 'SIGSTOP');
    const job = await startSigningJob(world);
    const id = await job.id;
    const typesOf = () =>
      logEntries(world.signer.directory).flatMap((entry) => (entry['requestId'] === id ? [entry['type']] : []));
    await until(() => typesOf().includes('INTENT'));
    const halted = world.signer.halt('SIGTERM');
    await until(() => world.signer.child.output().includes('"msg":"stopping"'));
    expect(typesOf()).toEqual(['REQUEST', 'INTENT']);
    for (const pid of processes) process.kill(pid, 'SIGCONT');
    expect(await job.result).toMatchObject({ status: 'completed' });
    expect(job.answers.map(({ status }) => status)).toEqual([200]);
    expect(await halted).toMatchObject({ status: 0, signal: null });
    expect(typesOf()).toEqual(['REQUEST', 'INTENT', 'RESULT']);
    expect(logEntries(world.signer.directory).at(-1)).toMatchObject({ type: 'STOP' });
    const left = (await readdir('/proc')).filter((name) => processes.includes(Number(name)));
    const states = await Promise.all(left.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
    expect(states.filter((stat) => stat !== '' && !/\) Z /.test(stat))).toEqual([]);
  });

  it('leaves a store that verifies, and that serves again', async () => {
    expect(await world.signer.command('store', 'verify')).toMatchObject({ status: 0, stderr: '' });
    await world.signer.start();
    expect((await signInJob(world)).signed.status).toBe('completed');
  });
});
