import { describe, expect, test } from 'vitest';
import { codeOf } from '@originsign/testkit/error-code';
import { makeSshKey, type TestSshKey } from '@originsign/testkit/ssh-key';
import { STATEMENT } from '../attestation/statement.test.fixture.ts';
import { encodeSigningRequest } from '../attestation/statement.ts';
import { utf8 } from '../encoding/bytes.ts';
import { APPROVAL_NAMESPACE, approvedRequest, encodeApproval, type ApprovalStatement } from '../protocol/approval.ts';
import {
  approvedBy,
  checkApproval,
  openReceived,
  possibleApprovers,
  unknownRequester,
  type ReceivedApproval,
  type WaitingRequest,
} from './approvals.ts';
import { parseRoster } from './parse-roster.ts';
import type { Roster } from './roster.ts';

const NOW = new Date('2026-11-22T09:14:03.000Z');
const ORIGIN = { platform: 'github-actions', repository: { id: '1' } };
const HASH = 'ab'.repeat(32);
const ada = makeSshKey('ssh-ed25519');
const ada2 = makeSshKey('ecdsa-sha2-nistp256');
const bob = makeSshKey('ssh-ed25519');
const eve = makeSshKey('ssh-ed25519');
const gone = makeSshKey('ssh-ed25519');
const { roster } = parseRoster(
  'admins.yml',
  `version: 1
people:
  - {id: ada, groups: [release-managers], identities: [{system: github, actorId: "1"}], keys: ["${ada.line}", "${ada2.line}"]}
  - {id: bob, groups: [release-managers], identities: [{system: github, actorId: "2"}], keys: ["${bob.line}"]}
  - {id: eve, groups: [developers], identities: [{system: github, actorId: "3"}], keys: ["${eve.line}"]}
  - {id: gone, groups: [release-managers], keys: ["${gone.line}"], validUntil: "2026-11-01"}
`,
) as { readonly roster: Roster };

const WAITING: WaitingRequest = {
  ...approvedRequest(encodeSigningRequest(STATEMENT), ORIGIN),
  rule: 'tag-build',
  policyHash: HASH,
  approvals: { count: 1, from: ['group:release-managers'] },
  requester: { system: 'github', actorId: '3' },
};

function approval(key: TestSshKey, changes: Partial<ApprovalStatement> = {}, at = NOW): ReceivedApproval {
  const { requestId, project, policy, originSha256, artifacts, rule, policyHash } = WAITING;
  const expires = '2026-11-22T10:14:03.000Z';
  const fixed = { requestId, project, policy, originSha256, artifacts, rule, policyHash, expires };
  const statement = encodeApproval({ decision: 'approve', ...fixed, ...changes });
  return { statement, signature: key.sign(APPROVAL_NAMESPACE, statement), at };
}

const refusal = (key: TestSshKey, changes: Partial<ApprovalStatement> = {}, waiting: Partial<WaitingRequest> = {}) =>
  codeOf(() => checkApproval(openReceived(roster, approval(key, changes)), { ...WAITING, ...waiting }, roster, NOW));
const counted = (approvals: readonly ReceivedApproval[], waiting: Partial<WaitingRequest> = {}, now = NOW) =>
  approvedBy(approvals, { ...WAITING, ...waiting }, roster, now);

describe('an approval', () => {
  test('counts for what it names', () => {
    expect(refusal(ada)).toBe('accepted');
    expect(counted([approval(ada)])).toEqual(['ada']);
  });

  test.each<[string, TestSshKey, Partial<ApprovalStatement>, Partial<WaitingRequest>, string]>([
    ['another request', ada, { requestId: 'A'.repeat(43) }, {}, 'approval.mismatch'],
    ['another project', ada, { project: 'other' }, {}, 'approval.mismatch'],
    ['another signing policy', ada, { policy: 'test' }, {}, 'approval.mismatch'],
    ['another origin', ada, { originSha256: HASH }, {}, 'approval.mismatch'],
    ['other artifacts', ada, { artifacts: { count: 2, root: HASH } }, {}, 'approval.mismatch'],
    ['another number of artifacts', ada, { artifacts: { ...WAITING.artifacts, count: 3 } }, {}, 'approval.mismatch'],
    ['another rule', ada, { rule: 'branch-build' }, {}, 'approval.mismatch'],
    ['another policy file', ada, {}, { policyHash: 'cd'.repeat(32) }, 'approval.mismatch'],
    ['a time that is over', ada, { expires: NOW.toISOString() }, {}, 'approval.expired'],
    ['somebody whom the rule does not ask', eve, {}, {}, 'approval.approver'],
    [
      'a group whose name begins alike',
      ada,
      {},
      { approvals: { count: 1, from: ['group:release'] } },
      'approval.approver',
    ],
    ['whoever asked', ada, {}, { requester: { system: 'github', actorId: '1' } }, 'approval.requester'],
    [
      'whoever asked, by another key',
      ada2,
      {},
      { requester: { system: 'github', actorId: '1' } },
      'approval.requester',
    ],
    ['nobody knows whom', ada, {}, { requester: { system: 'github', actorId: '9' } }, 'approval.requester'],
    ['an account of another system', ada, {}, { requester: { system: 'gitlab', actorId: '3' } }, 'approval.requester'],
    ['a run of nobody', ada, {}, { requester: undefined }, 'approval.requester'],
  ])('of %s does not count', (_name, key, changes, waiting, code) => {
    expect(refusal(key, changes, waiting)).toBe(code);
    expect(counted([approval(key, changes)], waiting)).toEqual([]);
  });

  test('needs a key of the roster that is valid when it is taken', () => {
    expect(codeOf(() => openReceived(roster, approval(makeSshKey('ssh-ed25519'))))).toBe('approval.approver');
    expect(codeOf(() => openReceived(roster, approval(gone)))).toBe('approval.approver');
    expect(codeOf(() => openReceived(roster, approval(gone, {}, new Date('2026-10-31T00:00:00Z'))))).toBe('accepted');
  });

  test('needs a signature over exactly it, made for approvals', () => {
    const { statement, signature, at } = approval(ada);
    const other = approval(ada, { reason: 'looks good' });
    const call = ada.sign('originsign-call', statement);
    for (const [forged, code] of [
      [{ statement: other.statement, signature, at }, 'ssh.signature'],
      [{ statement, signature: call, at }, 'ssh.signature'],
      [{ statement, signature: ada.sign('git', statement), at }, 'ssh.signature'],
      [{ statement, signature: signature.subarray(1), at }, 'ssh.malformed'],
      [{ statement: utf8(` ${Buffer.from(statement).toString()}`), signature, at }, 'approval.malformed'],
    ] as const) {
      expect(codeOf(() => openReceived(roster, forged))).toBe(code);
      expect(counted([forged])).toEqual([]);
    }
  });

  test('of somebody unknown may be distinct where the rule says so, and then not of the requester either', () => {
    const approvals = { ...WAITING.approvals, unknownRequester: 'allow' } as const;
    expect(refusal(ada, {}, { approvals, requester: { system: 'github', actorId: '9' } })).toBe('accepted');
    expect(refusal(ada, {}, { approvals, requester: undefined })).toBe('accepted');
    expect(refusal(ada, {}, { approvals, requester: { system: 'github', actorId: '1' } })).toBe('approval.requester');
  });
});

describe('a quorum', () => {
  test('counts people, not keys and not approvals', () => {
    const again = approval(ada, { reason: 'again' });
    expect(counted([approval(ada), approval(ada2), again])).toEqual(['ada']);
    expect(counted([approval(ada), approval(bob)])).toEqual(['ada', 'bob']);
  });

  test('leaves denials, people who left and approvals that expired out', () => {
    expect(counted([approval(ada, { decision: 'deny' })])).toEqual([]);
    expect(counted([approval(gone)])).toEqual([]);
    expect(counted([approval(ada)], {}, new Date('2026-11-22T10:14:03.000Z'))).toEqual([]);
    expect(approvedBy([approval(ada)], WAITING, { ...roster, people: [] }, NOW)).toEqual([]);
  });

  test('cannot be had from the requester, nor from people who are not there', () => {
    const ids = (waiting: Partial<WaitingRequest>) =>
      possibleApprovers({ ...WAITING, ...waiting }, roster, NOW).map(({ id }) => id);
    expect(ids({})).toEqual(['ada', 'bob']);
    expect(ids({ requester: { system: 'github', actorId: '1' } })).toEqual(['bob']);
    expect(ids({ approvals: { count: 1, from: ['group:nobody'] } })).toEqual([]);
    expect(unknownRequester(WAITING, roster)).toBeUndefined();
    expect(unknownRequester({ ...WAITING, requester: undefined }, roster)?.code).toBe('approval.requester');
  });
});
