import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { LogEntry } from '@originsign/core/log/entries';
import { parseRoster } from '@originsign/core/policy/parse-roster';
import { APPROVAL_NAMESPACE } from '@originsign/core/protocol/approval';
import { approvalsPath } from '@originsign/core/protocol/approval-view';
import { SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { APPROVAL_EXPORT, parseApprovalExport } from '@originsign/core/verify/approval-export';
import { verifyApprovals } from '@originsign/core/verify/approvals';
import { fileArtifact, type ForgedRequest } from '@originsign/testkit/forged-request';
import type { ClaimChanges } from '@originsign/testkit/github-issuer';
import { makeSshKey } from '@originsign/testkit/ssh-key';
import { writePolicies } from '@originsign/testkit/signer';
import {
  APPROVED_PROJECT,
  KEYS,
  REQUESTER,
  ROSTER,
  startApprovalBench,
  STRANGER,
  type ApprovalBench,
} from './approvals.test.fixture.ts';
import { logEntries, query } from './stored-facts.test.fixture.ts';

let bench: ApprovalBench;
beforeAll(async () => {
  bench = await startApprovalBench();
});
afterAll(() => bench.stop());

/** A request that waits. */
async function ask(policy = 'release', claims: ClaimChanges = REQUESTER): Promise<ForgedRequest> {
  const request = bench.attacker.forge({ policy });
  const answer = await bench.attacker.submit(request, await bench.tokenOf(request, claims));
  expect(answer.outcome).toBe('202 waiting_for_approval');
  return request;
}

const typesOf = ({ id }: ForgedRequest) =>
  logEntries(bench.signer.directory)
    .filter((entry) => entry['requestId'] === id)
    .map((entry) => entry['type']);
const settle = async (request: ForgedRequest) =>
  (await bench.attacker.settle(request, await bench.attacker.follow(request))).outcome;
const stateOf = async (request: ForgedRequest) => (await bench.attacker.follow(request)).outcome;
const expectUnsigned = (request: ForgedRequest) => expect(typesOf(request)).not.toContain('INTENT');

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wake) => setTimeout(wake, 20));
}

describe('a request whose rule asks for one person', () => {
  test('waits, tells whom for, and is signed once that person agrees; the client hears of it at once', async () => {
    const request = await ask();
    const waiting = await bench.attacker.follow(request);
    expect(waiting.json).toMatchObject({
      approvals: { count: 1, approved: 0, from: ['group:release-managers'] },
    });
    const polled = bench.attacker.follow(request, '?wait=30');
    expectUnsigned(request);
    expect((await bench.decide(KEYS.ada, request)).status).toBe(200);
    expect((await polled).outcome).toMatch(/^(?:200 completed|202 signing)$/);
    expect(await settle(request)).toBe('200 completed');
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'INTENT', 'RESULT']);
    expect(JSON.stringify(logEntries(bench.signer.directory))).not.toMatch(/"ada"|user:ada|looks good/);
  });

  test('is shown to those who are asked, with everything that will be signed', async () => {
    const request = await ask();
    const view = await bench.show(KEYS.ada2, request);
    expect(decodeBase64(view.payload)).toEqual(new Uint8Array(request.payload));
    expect(view).toMatchObject({
      state: 'waiting_for_approval',
      you: 'ada',
      rule: 'tag-build',
      requester: { person: 'rita' },
      keys: { raw: 'trial-raw' },
      approvals: { count: 1, approvedBy: [] },
    });
    const list = await bench.read(KEYS.bob, SIGNING_REQUESTS_PATH);
    expect(JSON.stringify(list.json)).toContain(request.id);
    // Nobody else finds out that there is such a request.
    expect((await bench.read(KEYS.dora, approvalsPath(request.id))).outcome).toBe('404 request.not_found');
    expect((await bench.read(KEYS.dora, SIGNING_REQUESTS_PATH)).json).toEqual({ requests: [] });
    const stranger = makeSshKey('ssh-ed25519');
    expect((await bench.read(stranger, approvalsPath(request.id))).outcome).toBe('403 approval.approver');
    const unsigned = await bench.attacker.send({ path: approvalsPath(request.id) });
    expect(unsigned.outcome).toBe('401 approval.call');
    await bench.attacker.follow(request, '/cancel');
  });

  test('takes the same approval any number of times, also when it is completed, and signs once', async () => {
    const request = await ask();
    const expires = new Date(Date.now() + 60_000).toISOString();
    const approvals = await Promise.all(Array.from({ length: 5 }, () => bench.decide(KEYS.ada, request, { expires })));
    expect(approvals.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await settle(request)).toBe('200 completed');
    expect((await bench.decide(KEYS.ada, request, { expires })).status).toBe(200);
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'INTENT', 'RESULT']);
    expect((await bench.decide(KEYS.bob, request)).outcome).toBe('409 request.state');
    expect((await bench.decide(KEYS.bob, request, { decision: 'deny' })).outcome).toBe('409 request.state');
  });

  test('is refused every approval that is not one, and stays unsigned', async () => {
    const request = await ask();
    const other = await ask();
    const hash = 'ab'.repeat(32);
    const soon = new Date(Date.now() + 31 * 86_400_000).toISOString();
    for (const [key, changes, outcome] of [
      [KEYS.rita, {}, '403 approval.requester'],
      [KEYS.dora, {}, '404 request.not_found'],
      [makeSshKey('ssh-ed25519'), {}, '403 approval.approver'],
      [KEYS.ada, { artifacts: { count: 1, root: hash } }, '403 approval.mismatch'],
      [KEYS.ada, { originSha256: hash }, '403 approval.mismatch'],
      [KEYS.ada, { policyHash: hash }, '403 approval.mismatch'],
      [KEYS.ada, { rule: 'other' }, '403 approval.mismatch'],
      [KEYS.ada, { policy: 'two' }, '403 approval.mismatch'],
      [KEYS.ada, { requestId: other.id }, '403 approval.mismatch'],
      [KEYS.ada, { expires: new Date().toISOString() }, '403 approval.expired'],
      [KEYS.ada, { expires: soon }, '403 approval.expired'],
    ] as const) {
      expect((await bench.decide(key, request, changes)).outcome).toBe(outcome);
    }
    const sent = bench.attacker.answers.length;
    const statement = utf8('{}');
    for (const [signature, outcome] of [
      [KEYS.ada.sign('originsign-call', statement), '400 approval.malformed'],
      [new Uint8Array([1, 2, 3]), '400 approval.malformed'],
    ] as const) {
      expect((await bench.send(request, statement, signature)).outcome).toBe(outcome);
    }
    expect(bench.attacker.answers.length).toBe(sent + 2);
    expect(typesOf(request)).toEqual(['REQUEST']);
    expect(await stateOf(request)).toBe('202 waiting_for_approval');
    await bench.attacker.follow(request, '/cancel');
  });

  test('is not approved by signatures that were made for something else', async () => {
    const request = await ask();
    const other = await ask();
    await bench.decide(KEYS.ada, other);
    const [row] = query<{ statement: Uint8Array; signature: Uint8Array }>(
      bench.signer.directory,
      'select statement, signature from approvals where request_id = ?',
      other.id,
    );
    if (row === undefined) throw new Error('There is no approval.');
    const { statement, signature } = row;
    expect((await bench.send(request, statement, signature)).outcome).toBe('403 approval.mismatch');
    const own = utf8(new TextDecoder().decode(statement).replace(other.id, request.id));
    expect((await bench.send(request, own, signature)).outcome).toBe('401 ssh.signature');
    expect((await bench.send(request, own, KEYS.ada.sign('git', own))).outcome).toBe('401 ssh.signature');
    const good = KEYS.ada.sign(APPROVAL_NAMESPACE, own);
    expect((await bench.send(request, own, good.subarray(0, -1))).outcome).toBe('400 ssh.malformed');
    expect(typesOf(request)).toEqual(['REQUEST']);
    await bench.attacker.follow(request, '/cancel');
  });

  test('ends when that person says no', async () => {
    const request = await ask();
    const polled = bench.attacker.follow(request, '?wait=30');
    const denied = await bench.decide(KEYS.bob, request, { decision: 'deny', reason: 'wrong tag' });
    expect(denied.outcome).toBe('200 denied');
    const { outcome, json } = await polled;
    expect(outcome).toBe('200 denied');
    expect(json).toMatchObject({
      failure: { code: 'approval.denied', detail: 'An approver denied the request. They say: wrong tag' },
    });
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'DENIAL']);
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('409 request.state');
  });

  test('is not signed once it was cancelled', async () => {
    const request = await ask();
    expect((await bench.attacker.follow(request, '/cancel')).outcome).toBe('200 cancelled');
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('409 request.state');
    expect(typesOf(request)).toEqual(['REQUEST', 'CANCEL']);
  });

  test('expires when nobody says anything in time', async () => {
    const request = await ask('brief');
    await new Promise((wake) => setTimeout(wake, 2_100));
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('409 request.state');
    expect((await bench.attacker.follow(request, '?wait=30')).outcome).toBe('200 expired');
    expect(typesOf(request)).toEqual(['REQUEST', 'EXPIRY']);
  });
});

describe('a request whose rule asks for two people', () => {
  test('is signed when two different ones agree, whatever keys they use', async () => {
    const request = await ask('two');
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('200 waiting_for_approval');
    expect((await bench.decide(KEYS.ada2, request, { reason: 'me again' })).outcome).toBe('200 waiting_for_approval');
    expect((await bench.decide(KEYS.rita, request)).outcome).toBe('403 approval.requester');
    expect((await bench.attacker.follow(request)).json).toMatchObject({ approvals: { count: 2, approved: 1 } });
    expect((await bench.decide(KEYS.bob, request)).status).toBe(200);
    expect(await settle(request)).toBe('200 completed');
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'APPROVAL', 'INTENT', 'RESULT']);
  });
});

describe('nobody waits', () => {
  const refused = async (policy: string, claims: ClaimChanges): Promise<string> => {
    const request = bench.attacker.forge({ policy });
    return (await bench.attacker.submit(request, await bench.tokenOf(request, claims))).outcome;
  };

  test('where nobody can tell who asks, unless the rule does not mind', async () => {
    expect(await refused('release', STRANGER)).toBe('403 approval.requester');
    const request = await ask('open', STRANGER);
    await bench.decide(KEYS.ada, request);
    expect(await settle(request)).toBe('200 completed');
  });

  test('where too few people could agree', async () => {
    expect(await refused('crowd', REQUESTER)).toBe('500 approval.roster');
  });

  test('where the rule asks nobody', async () => {
    const request = bench.attacker.forge({ policy: 'free', artifacts: [fileArtifact('a', utf8('free'))] });
    const answer = await bench.attacker.submit(request, await bench.tokenOf(request, REQUESTER));
    expect((await bench.attacker.settle(request, answer)).outcome).toBe('200 completed');
    expect((await bench.read(KEYS.ada, approvalsPath(request.id))).outcome).toBe('404 request.not_found');
  });
});

describe('between approval and signature', () => {
  const writePolicy = (text: string) =>
    writePolicies(join(bench.signer.directory, 'policies'), { 'projects/acme-app.yml': text });
  const policyEntries = () =>
    logEntries(bench.signer.directory).filter((entry) => entry['type'] === 'POLICY' || entry['type'] === 'ROSTER')
      .length;
  const reloaded = async (change: () => Promise<void>): Promise<void> => {
    const before = policyEntries();
    await change();
    bench.signer.child.process.kill('SIGHUP');
    await until(() => policyEntries() > before);
  };

  test('a change of the policy file makes the approval count no more; renewed, it counts', async () => {
    const request = await ask('two');
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('200 waiting_for_approval');
    await reloaded(() => writePolicy(`${APPROVED_PROJECT}# changed\n`));
    expect((await bench.attacker.follow(request)).json).toMatchObject({ approvals: { approved: 0 } });
    expect((await bench.decide(KEYS.bob, request)).outcome).toBe('200 waiting_for_approval');
    expectUnsigned(request);
    expect((await bench.decide(KEYS.ada, request)).status).toBe(200);
    expect(await settle(request)).toBe('200 completed');
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'APPROVAL', 'APPROVAL', 'INTENT', 'RESULT']);
  });

  test('a rule that no longer asks anybody releases nothing that waits', async () => {
    const request = await ask('two');
    await reloaded(() => writePolicy(APPROVED_PROJECT.replaceAll(/ {8}approvals: .*\n/g, '')));
    expect((await bench.decide(KEYS.ada, request)).outcome).toBe('200 waiting_for_approval');
    expect((await bench.attacker.follow(request)).json).toMatchObject({ approvals: { count: 2, approved: 1 } });
    await reloaded(() => writePolicy(APPROVED_PROJECT));
    expectUnsigned(request);
    await bench.attacker.follow(request, '/cancel');
  });

  test('who leaves the roster agrees no more', async () => {
    const request = await ask('two');
    await bench.decide(KEYS.ada, request);
    await reloaded(() =>
      writeFile(bench.rosterPath, ROSTER.replace('{id: ada,', '{id: ada, validUntil: "2026-01-01",')),
    );
    const view = await bench.show(KEYS.bob, request);
    expect(view.approvals.approvedBy).toEqual([]);
    expect((await bench.read(KEYS.ada, approvalsPath(request.id))).outcome).toBe('403 approval.approver');
    await reloaded(() => writeFile(bench.rosterPath, ROSTER));
    await bench.attacker.follow(request, '/cancel');
  });

  test('a server that is killed signs once when it is back', async () => {
    const request = await ask();
    // Without its mark the server can take the approval and no more: it is killed between quorum and INTENT.
    const mark = join(bench.signer.directory, 'mark');
    const kept = await readFile(mark);
    await rename(mark, `${mark}.kept`);
    await mkdir(mark);
    expect((await bench.decide(KEYS.ada, request)).status).toBeGreaterThanOrEqual(500);
    await bench.signer.halt('SIGKILL');
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL']);
    await rm(mark, { recursive: true });
    await writeFile(mark, kept);
    await bench.signer.start();
    await until(() => typesOf(request).includes('RESULT'));
    expect(typesOf(request)).toEqual(['REQUEST', 'APPROVAL', 'INTENT', 'RESULT']);
    expect(await settle(request)).toBe('200 completed');
  });

  test('and all of it is as the log has it', async () => {
    const { status, stdout, stderr } = await bench.signer.command('store', 'verify');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\d+ approvals/);
  });

  test('and an auditor with the exported log and a roster finds the approvals of all that was signed', async () => {
    const folder = join(bench.signer.directory, 'export');
    expect(await bench.signer.command('log', 'export', folder)).toMatchObject({ status: 0, stderr: '' });
    const exported = parseApprovalExport(await readFile(join(folder, APPROVAL_EXPORT)));
    const { roster } = parseRoster('admins.yml', ROSTER);
    if (roster === undefined) throw new Error('The roster does not load.');
    const entries = logEntries(bench.signer.directory) as unknown as LogEntry[];
    const report = verifyApprovals({ ...exported, entries, roster });
    const signed = report.filter((one) => one.signed);
    expect(signed.length).toBeGreaterThan(4);
    expect(signed.every(({ approvedBy, count }) => approvedBy.length >= count)).toBe(true);
    const gone = { ...roster, people: roster.people.filter(({ id }) => id !== 'bob') };
    expect(() => verifyApprovals({ ...exported, entries, roster: gone })).toThrow('does not verify under the roster');
  });
});
