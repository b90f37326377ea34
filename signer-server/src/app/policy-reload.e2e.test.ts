import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { policyHash } from '@originsign/core/policy/parse';
import { codeOfAsync } from '@originsign/testkit/error-code';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { writePolicies } from '@originsign/testkit/signer';
import { startSigningJob } from '@originsign/testkit/signing-job';
import { originsign, releasePolicies, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { logEntries, query } from './stored-facts.test.fixture.ts';

const PROJECT = 'projects/acme-app.yml';
const SYSTEM = 'trusted-build-systems/github.yml';
let world: SigningWorld;
let metricsUrl: string;
let files: Readonly<Record<string, string>>;

beforeAll(async () => {
  const metricsPort = await freeLoopbackPort();
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  world = await startSigningWorld({
    configure: (text) => text.replace(/^metrics:\n +enabled: false$/m, `metrics:\n  address: 127.0.0.1:${metricsPort}`),
  });
  files = releasePolicies(world.issuer.url);
});
afterAll(() => world.stop());

const directory = (): string => join(world.signer.directory, 'policies');
const project = (): string => files[PROJECT] ?? '';
const write = (text: string, path = PROJECT): Promise<void> => writePolicies(directory(), { [path]: text });
const entries = (): readonly JsonObject[] => logEntries(world.signer.directory);
const policyEntries = (): readonly JsonObject[] => entries().filter(({ type }) => type === 'POLICY');
/** `accepted`, or why a job could not sign. */
const outcome = (): Promise<string> => codeOfAsync(async () => (await startSigningJob(world)).result);

/** Waits until the log has an entry about this version of a file: the server's own sign that it has seen it. */
async function logged(hash: string): Promise<JsonObject> {
  for (;;) {
    const entry = policyEntries().findLast((candidate) => candidate['hash'] === hash);
    if (entry !== undefined) return entry;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** Changes files, tells the server that they are written, and waits until it has logged this version of one. */
async function hangUp(hash: string, change: () => Promise<void>): Promise<JsonObject> {
  const before = policyEntries().length;
  await change();
  world.signer.child.process.kill('SIGHUP');
  while (policyEntries().length === before) await new Promise((wake) => setTimeout(wake, 20));
  return logged(hash);
}

describe('a server that runs', () => {
  it('decides the next request by a policy that was just edited, without being told', async () => {
    expect(await outcome()).toBe('accepted');
    const frozen = project().replace(
      'timestamp: required}]',
      'timestamp: required}]\n    deny: [{id: freeze, when: {github.event_name: {is: push}}}]',
    );
    await write(frozen);
    expect(await logged(policyHash(frozen))).toMatchObject({ file: PROJECT, ok: true });
    expect(await outcome()).toBe('policy.denied');
    expect(entries().at(-1)).toMatchObject({ type: 'DENIAL', rule: 'freeze' });
  });

  it('goes on by the last good version of a broken file, and says so without refusing work', async () => {
    await hangUp(policyHash(project()), () => write(project()));
    const broken = project().replace('github.ref:', 'github.reff:');
    expect(await hangUp(policyHash(broken), () => write(broken))).toMatchObject({
      file: PROJECT,
      ok: false,
      kept: policyHash(project()),
    });
    expect(await outcome()).toBe('accepted');
    expect(entries().findLast(({ type }) => type === 'REQUEST')).toMatchObject({ policyHash: policyHash(project()) });
    expect(world.signer.child.output()).toMatch(
      /acme-app\.yml:\d+:\d+: .*github\.reff.*did you mean.*policy file keeps its last good version/,
    );
    const metrics = await (await fetch(metricsUrl)).text();
    expect(metrics).toContain('originsign_policy_files{state="in_force"} 1\n');
    expect(metrics).toContain('originsign_policy_files{state="last_good"} 1\n');
  });

  it('forgets a trusted build system whose file is gone, and knows it again', async () => {
    await write(project());
    const hash = policyHash(files[SYSTEM] ?? '');
    const removed = await hangUp(hash, () => rm(join(directory(), SYSTEM)));
    expect(removed).toMatchObject({ file: SYSTEM, ok: false, removed: true });
    expect(await outcome()).toBe('token.issuer_unknown');
    await hangUp(hash, () => write(files[SYSTEM] ?? '', SYSTEM));
    expect(await outcome()).toBe('accepted');
  });

  it('decides every request by the policy that the log had last, however often it changes meanwhile', async () => {
    const start = entries().length;
    const jobs = Array.from({ length: 8 }, () => outcome());
    const requests = () =>
      entries()
        .slice(start)
        .filter(({ type }) => type === 'REQUEST').length;
    for (let version = 1; requests() < jobs.length; version += 1) {
      const text = `${project()}# ${version}\n`;
      await hangUp(policyHash(text), () => write(text));
    }
    expect(new Set(await Promise.all(jobs))).toEqual(new Set(['accepted']));
    let inForce: unknown;
    const seen = entries().map((entry, index) => {
      if (entry['type'] === 'POLICY' && entry['file'] === PROJECT) inForce = entry['kept'] ?? entry['hash'];
      return entry['type'] === 'REQUEST' && index >= start ? [entry['policyHash'], inForce] : undefined;
    });
    const decided = seen.filter((pair) => pair !== undefined);
    expect(decided).toHaveLength(8);
    expect(decided.filter(([by, last]) => by !== last)).toEqual([]);
    expect(new Set(decided.map(([by]) => by)).size).toBeGreaterThan(1);
  });
});

describe('the requests of a server, exported', () => {
  const file = (): string => join(world.folder, 'requests.jsonl');
  const replay = (folder: string, ...options: readonly string[]) =>
    originsign('policy', 'replay', file(), folder, '--trial', ...options);
  const candidate = async (name: string, text: string): Promise<string> => {
    const folder = join(world.folder, name);
    await writePolicies(folder, { ...files, [PROJECT]: text });
    return folder;
  };

  it('hold every accepted one, no token, and are for nobody but their owner', async () => {
    const stored = query<{ n: number }>(world.signer.directory, 'select count(*) as n from requests')[0]?.n;
    const exported = await world.signer.command('requests', 'export', file());
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    expect(exported.stdout).toContain(`exported ${stored} requests to ${file()}\n`);
    const text = await readFile(file(), 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength((stored ?? 0) + 1);
    expect(text).not.toMatch(/eyJ[\w-]{20}/);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('are not written over, and may be fewer', async () => {
    const again = await world.signer.command('requests', 'export', file());
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('[input.file]') as string });
    const none = await world.signer.command('requests', 'export', `${file()}.none`, '--since', '2099-01-01');
    expect(none.stdout).toContain('exported 0 requests');
    const other = await world.signer.command('requests', 'export', `${file()}.other`, '--project', 'other');
    expect(other.stdout).toContain('exported 0 requests');
  });

  it('are decided as they were under the same policies', async () => {
    const same = await replay(await candidate('same', project()), '--strict');
    expect(same).toMatchObject({ status: 0, stderr: '' });
    expect(same.stdout).toMatch(/^replayed {2}\d+ requests, none changes\n$/);
  });

  it('show what other policies would change', async () => {
    const folder = await candidate('other', project().replaceAll('refs/tags/v*', 'refs/tags/w*'));
    const changed = await replay(folder, '--explain');
    expect(changed).toMatchObject({ status: 0, stderr: '' });
    expect(changed.stdout).toMatch(
      /^deny {6}[\w-]{12} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}acme-app\/release {2}allowed by tag-build, now rule tag-build: github\.ref\n {2}denied by acme-app\/release\n/,
    );
    expect(changed.stdout).toMatch(/\nreplayed {2}(\d+) requests, \1 from allow to deny\n$/);
    expect(await replay(folder, '--strict')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: \d+ past requests would change \[policy\.test_failed\]\n/) as string,
    });
  });
});
