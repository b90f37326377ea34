import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeHex } from '@originsign/core/encoding/hex';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { verifyReceipt } from '@originsign/core/log/receipt';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import { signInJob, startSigningJob, type SigningJob } from '@originsign/testkit/signing-job';
import { exportTrust, originsign, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { logEntries, query } from './stored-facts.test.fixture.ts';

const BRANCH = {
  ref: 'refs/heads/main',
  workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/main',
};
let world: SigningWorld;
let trust: TrustFile;
let trustPath: string;

beforeAll(async () => {
  world = await startSigningWorld();
  trustPath = join(world.folder, 'trust.json');
  trust = await exportTrust(world.signer, trustPath);
});
afterAll(() => world.stop());

const entries = () => logEntries(world.signer.directory);
const types = () => entries().map(({ type }) => String(type));
const typesOf = (id: string) =>
  entries()
    .filter(({ requestId }) => requestId === id)
    .map(({ type }) => type);

/** Leaf hash of an entry as it is stored. */
function leafAt(index: number): string {
  const [row] = query<{ entry: Uint8Array }>(
    world.signer.directory,
    'select entry from log_entries where idx = ?',
    index,
  );
  return encodeHex(leafHash(row?.entry ?? new Uint8Array()));
}

async function receiptOf({ result }: SigningJob): Promise<string> {
  return readFile((await result).receiptPath ?? '', 'utf8');
}

describe('the log of a signer', () => {
  it('begins with the keys, what they were used for, the policies and the start', () => {
    const keys = entries().filter(({ type }) => type === 'KEY');
    expect(keys.map(({ action, label }) => `${String(action)} ${String(label)}`)).toEqual([
      'generate log',
      'generate provenance',
      'generate canary',
      'generate trial-ca',
      'issue trial-ca',
      'certificate trial-ca',
      'generate trial-authenticode',
      'issue trial-ca',
      'certificate trial-authenticode',
      'generate trial-cms',
      'issue trial-ca',
      'certificate trial-cms',
      'generate trial-raw',
    ]);
    expect(types().slice(keys.length)).toEqual(['POLICY', 'POLICY', 'START']);
    const policies = entries().filter(({ type }) => type === 'POLICY');
    expect(policies.map(({ file, ok }) => [file, ok])).toEqual([
      ['projects/acme-app.yml', true],
      ['trusted-build-systems/github.yml', true],
    ]);
  });

  it('has issuer keys, REQUEST, INTENT and RESULT of a signed request, in this order, each pointing at the one before', async () => {
    const before = types().length;
    const job = await signInJob(world, { files: { 'a.txt': 'a', 'b.txt': 'b' }, format: 'cms-detached' });
    const id = await job.id;
    expect(types().slice(before)).toEqual(['ISSUER_KEYS', 'REQUEST', 'INTENT', 'RESULT']);
    const [issuerKeys, request, intent, result] = entries().slice(before);
    expect(request).toMatchObject({
      requestId: id,
      project: 'acme-app',
      policy: 'release',
      rule: 'tag-build',
      artifacts: { count: 2 },
      tokens: [{ keySet: issuerKeys?.['keySet'] }],
    });
    expect(intent).toMatchObject({ requestId: id, attempt: 1, artifacts: { count: 2 } });
    expect(result).toMatchObject({
      requestId: id,
      intent: { index: before + 2, leaf: leafAt(before + 2) },
      artifacts: { count: 2 },
    });
  });

  it('names an actor only by a salted commitment, and holds no token', () => {
    const text = JSON.stringify(entries());
    expect(text).not.toContain('octocat');
    expect(text).not.toMatch(/eyJ[\w-]{20}/);
  });

  it('has a DENIAL with rule and trace, and nothing else of a refused request', async () => {
    const before = types().length;
    const job = await startSigningJob(world, { claims: BRANCH });
    await expect(job.result).rejects.toMatchObject({ code: 'policy.denied' });
    expect(types().slice(before)).toEqual(['DENIAL']);
    expect(entries().at(-1)).toMatchObject({
      requestId: await job.id,
      code: 'policy.denied',
      rule: 'tag-build',
      repositoryId: '771245825',
      traceSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(query(world.signer.directory, 'select id from requests where id = ?', await job.id)).toEqual([]);
  });

  it('has a DENIAL for a limit that is used up', async () => {
    const claims = { run_id: '777' };
    await signInJob(world, { policy: 'once', claims });
    const second = await startSigningJob(world, { policy: 'once', claims });
    await expect(second.result).rejects.toMatchObject({ code: 'policy.limit' });
    expect(entries().at(-1)).toMatchObject({ type: 'DENIAL', code: 'policy.limit', requestId: await second.id });
  });

  it('releases nothing before RESULT: an answer during an outage of timestamps shows no signature', async () => {
    world.timestamps.mode = 'silent';
    const job = await startSigningJob(world, {
      format: 'cms-detached',
      // The outage ends once the client has been told that it has to wait.
      answered: ({ status }) => {
        if (status === 202) world.timestamps.mode = 'good';
      },
    });
    await job.result;
    const views = job.answers.map(({ status, body }) => ({ status, view: parseStrictJson(body) }));
    expect(views[0]).toMatchObject({ status: 202, view: { state: 'signing' } });
    for (const { status, view } of views) {
      const released = /"(?:block|receipt|provenance)":/.test(JSON.stringify(view));
      expect(released).toBe(status === 200);
    }
    expect(typesOf(await job.id)).toEqual(['REQUEST', 'INTENT', 'OUTCOME_UNKNOWN', 'INTENT', 'RESULT']);
  });

  it('gives a receipt that proves offline, by the trust file alone, that this very signature is in the log', async () => {
    const job = await signInJob(world, { files: { 'app.bin': 'the release' } });
    const { entry, leaf, records, index, checkpoint } = verifyReceipt(await receiptOf(job), trust.logs);
    expect(entry).toMatchObject({ type: 'RESULT', requestId: await job.id });
    expect(leafAt(index)).toBe(encodeHex(leaf));
    expect(entries()[index]).toEqual(entry);
    expect(checkpoint.size).toBeGreaterThan(index);
    expect(checkpoint.origin).toMatch(/^localhost:\d+\/trial$/);
    const signature = await readFile(job.signed.files[0]?.signaturePath ?? '');
    expect(records).toMatchObject([
      {
        name: 'app.bin',
        coveredDigest: { sha256: sha256Hex(Buffer.from('the release')) },
        signatureSha256: sha256Hex(signature),
      },
    ]);
  });

  it('is exported whole, and verifies with the command of verifiers', async () => {
    const job = await signInJob(world);
    const directory = join(world.folder, 'export');
    const exported = await world.signer.command('log', 'export', directory);
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    const receipt = (await job.result).receiptPath ?? '';
    const verified = await originsign(
      ...['log', 'verify', '--trust', trustPath, '--directory', directory, '--receipt', receipt],
    );
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).toMatch(new RegExp(`^size {6}${types().length} entries {2}root `, 'm'));
    expect(verified.stdout).toMatch(/^entries {3}.*KEY 13.*RESULT \d/m);
    expect(verified.stdout).toContain('agrees with 1 kept proof');
  });

  it('is public over HTTP by its hashes alone', async () => {
    const caFile = world.signer.caPath ?? '';
    const verified = await originsign('log', 'verify', '--trust', trustPath, '--ca-file', caFile);
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).toContain(`verified  ${world.signer.url}/log`);
    expect(verified.stdout).toMatch(/^entries {3}by their hashes alone$/m);
  });

  it('says when the server stopped, started, and found the same policies', async () => {
    const before = types().length;
    expect((await world.signer.halt()).status).toBe(0);
    await world.signer.start();
    expect(types().slice(before)).toEqual(['STOP', 'POLICY', 'POLICY', 'START']);
    const stored = await world.signer.command('store', 'verify');
    expect(stored).toMatchObject({ status: 0, stderr: '' });
    expect(stored.stdout).toMatch(
      /^log {4}\d+ entries.*\nrows {3}\d+ requests, \d+ artifacts, \d+ approvals and \d+ keys are as the log has them\n$/,
    );
  });
});
