import { describe, expect, test } from 'vitest';
import { refusalOf } from '@originsign/testkit/error-code';
import { makeSshKey, type TestSshKey } from '@originsign/testkit/ssh-key';
import { REQUEST } from '@originsign/testkit/test-log';
import { sha256Hex } from '../encoding/sha256.ts';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { commitTo } from '../log/commitment.ts';
import type { LogEntry } from '../log/entries.ts';
import type { LogEntryBody } from '../log/entry-bodies.ts';
import { parseRoster } from '../policy/parse-roster.ts';
import type { Roster } from '../policy/roster.ts';
import { APPROVAL_NAMESPACE, encodeApproval, type ApprovalStatement } from '../protocol/approval.ts';
import { verifyApprovals, type ApprovalEvidence, type ExportedApproval } from './approvals.ts';

const SALT = new Uint8Array(16).fill(3);
const ada = makeSshKey('ssh-ed25519');
const bob = makeSshKey('ssh-ed25519');
const eve = makeSshKey('ssh-ed25519');
const { roster } = parseRoster(
  'admins.yml',
  `version: 1
people:
  - {id: ada, groups: [g], keys: ["${ada.line}"], identities: [{system: github, actorId: "1"}]}
  - {id: bob, groups: [g], keys: ["${bob.line}"]}
  - {id: eve, groups: [other], keys: ["${eve.line}"]}
`,
) as { readonly roster: Roster };

let clock = 0;
const entry = (body: LogEntryBody): LogEntry => {
  clock += 1;
  const time = new Date(Date.UTC(2026, 10, 22, 9, 0, clock)).toISOString();
  return { ...body, v: 1, time, salt: 'CQkJCQkJCQkJCQkJCQkJCQ' };
};
const { requestId, artifacts } = REQUEST;
const request = (count: number): LogEntryBody => ({
  ...REQUEST,
  actor: commitTo('actor', SALT, '2'),
  approvals: { count, from: ['group:g'] },
});
const intent: LogEntryBody = {
  type: 'INTENT',
  requestId,
  attempt: 1,
  lease: { replica: 'a', until: '2026-11-22T10:00:00.000Z' },
  artifacts,
};

/** An approval, and what the log says of it. */
function approve(
  key: TestSshKey,
  person: string,
  changes: Partial<ApprovalStatement> = {},
): { readonly body: LogEntryBody; readonly exported: ExportedApproval } {
  const statement = encodeApproval({
    decision: 'approve',
    requestId,
    project: REQUEST.project,
    policy: REQUEST.policy,
    rule: REQUEST.rule,
    policyHash: REQUEST.policyHash,
    originSha256: sha256Hex(utf8(canonicalJson(REQUEST.origin))),
    artifacts,
    expires: '2026-11-23T09:00:00.000Z',
    ...changes,
  });
  const signature = key.sign(APPROVAL_NAMESPACE, statement);
  const body: LogEntryBody = {
    type: 'APPROVAL',
    requestId,
    decision: changes.decision ?? 'approve',
    approver: commitTo('approver', SALT, person),
    statementSha256: sha256Hex(statement),
    signatureSha256: sha256Hex(signature),
    policyHash: changes.policyHash ?? REQUEST.policyHash,
    rosterHash: roster.hash,
  };
  return { body, exported: { statement, signature, approverSalt: SALT } };
}

function evidenceOf(
  count: number,
  approvals: readonly ReturnType<typeof approve>[],
  changes: Partial<ApprovalEvidence> = {},
): ApprovalEvidence {
  return {
    entries: [request(count), ...approvals.map(({ body }) => body), intent].map((body) => entry(body)),
    approvals: approvals.map(({ exported }) => exported),
    requesters: [{ requestId, actorId: '2', actorSalt: SALT }],
    roster,
    ...changes,
  };
}

const refusal = async (evidence: ApprovalEvidence) => {
  const { code, message } = await refusalOf(() => verifyApprovals(evidence));
  expect(code).toBe('verify.log');
  return message;
};

describe('approvals in a log', () => {
  test('verify offline, with the people who gave them', () => {
    const report = verifyApprovals(evidenceOf(2, [approve(ada, 'ada'), approve(bob, 'bob')]));
    const { policyHash } = REQUEST;
    expect(report).toEqual([{ requestId, count: 2, approvedBy: ['ada', 'bob'], signed: true, policyHash }]);
  });

  test('of a request that nobody signed need not be enough', () => {
    const { entries, ...rest } = evidenceOf(2, [approve(ada, 'ada')]);
    expect(verifyApprovals({ ...rest, entries: entries.slice(0, -1) })).toMatchObject([{ signed: false }]);
    expect(verifyApprovals({ ...rest, entries: [entry(REQUEST), entry(intent)] })).toEqual([]);
  });

  test.each<[string, () => ApprovalEvidence, RegExp]>([
    ['too few', () => evidenceOf(2, [approve(ada, 'ada')]), /was signed with 1 approvals that count, and asked for 2/],
    ['none', () => evidenceOf(1, []), /was signed with 0 approvals/],
    [
      'one person twice',
      () => evidenceOf(2, [approve(ada, 'ada'), approve(ada, 'ada', { reason: 'x' })]),
      /with 1 approvals/,
    ],
    ['a denial', () => evidenceOf(1, [approve(ada, 'ada', { decision: 'deny' })]), /with 0 approvals/],
    [
      'one that had expired',
      () => evidenceOf(1, [approve(ada, 'ada', { expires: '2026-11-22T09:00:00.000Z' })]),
      /with 0 approvals/,
    ],
    [
      'one of an older policy file',
      () => evidenceOf(2, [approve(ada, 'ada', { policyHash: 'cd'.repeat(32) }), approve(bob, 'bob')]),
      /with 1 approvals/,
    ],
    [
      'one of another request',
      () => evidenceOf(1, [approve(ada, 'ada', { requestId: 'A'.repeat(43) })]),
      /of something else/,
    ],
    [
      'one of other artifacts',
      () => evidenceOf(1, [approve(ada, 'ada', { artifacts: { ...artifacts, count: 9 } })]),
      /of something else/,
    ],
    [
      'one of another origin',
      () => evidenceOf(1, [approve(ada, 'ada', { originSha256: 'cd'.repeat(32) })]),
      /of something else/,
    ],
    ['one of somebody who was not asked', () => evidenceOf(1, [approve(eve, 'eve')]), /eve, who was not asked/],
    [
      'one of somebody unknown',
      () => evidenceOf(1, [approve(makeSshKey('ssh-ed25519'), 'ada')]),
      /does not verify under the roster/,
    ],
    [
      'one that names another person',
      () => evidenceOf(1, [approve(ada, 'bob')]),
      /another approver in the log than ada/,
    ],
    ['one that was kept back', () => evidenceOf(1, [approve(ada, 'ada')], { approvals: [] }), /was not exported/],
    [
      'another requester than the log has',
      () => evidenceOf(1, [approve(ada, 'ada')], { requesters: [{ requestId, actorId: '1', actorSalt: SALT }] }),
      /another requester/,
    ],
  ])('do not verify with %s', async (_name, evidence, message) => {
    expect(await refusal(evidence())).toMatch(message);
  });

  test('do not verify where the requester approved', async () => {
    const evidence = evidenceOf(1, [approve(ada, 'ada')]);
    const [first, ...rest] = evidence.entries;
    const own = { ...first, actor: commitTo('actor', SALT, '1') } as LogEntry;
    const requesters = [{ requestId, actorId: '1', actorSalt: SALT }];
    expect(await refusal({ ...evidence, entries: [own, ...rest], requesters })).toMatch(/ada, who started the run/);
  });

  test('do not verify with a signature or a statement that was exchanged', async () => {
    const { body, exported } = approve(ada, 'ada');
    const signature = bob.sign(APPROVAL_NAMESPACE, exported.statement);
    expect(await refusal(evidenceOf(1, [{ body, exported: { ...exported, signature } }]))).toMatch(/not exported/);
    const { statement } = approve(ada, 'ada', { reason: 'other' }).exported;
    expect(await refusal(evidenceOf(1, [{ body, exported: { ...exported, statement } }]))).toMatch(/another statement/);
  });
});
