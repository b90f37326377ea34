import { randomBytes } from 'node:crypto';
import { canonicalJson } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { commitTo, COMMITMENT_SALT_LENGTH } from '@originsign/core/log/commitment';
import type { LogEntryBodyOf } from '@originsign/core/log/entry-bodies';
import { recordList, type RequestRecord } from '@originsign/core/log/records';
import type { Decision } from '@originsign/core/policy/evaluate';
import type { AuthenticatedSubmission } from './admit.ts';
import { withoutPerson } from './decide.ts';
import { jsonHash } from './trace-hash.ts';

/** Sixteen random bytes for the commitments of one request. */
export function commitmentSalt(): Uint8Array {
  return new Uint8Array(randomBytes(COMMITMENT_SALT_LENGTH));
}

/** The one text of claims, which the log commits to and transaction B reads again. */
export function claimsText(submission: AuthenticatedSubmission): string {
  return canonicalJson(submission.asker.claims);
}

/** REQUEST: who asks for what, and why it is allowed. The person who started the run stands in it as a commitment only. */
export function requestEntry(
  submission: AuthenticatedSubmission,
  decision: Extract<Decision, { decision: 'allow' }>,
  records: readonly RequestRecord[],
  salt: Uint8Array,
): LogEntryBodyOf<'REQUEST'> {
  const { asker, tokens, statement } = submission;
  const { actorId } = asker.origin;
  const { approvals } = decision.requirements;
  return {
    type: 'REQUEST',
    requestId: submission.id,
    project: statement.project,
    policy: statement.policy,
    policyHash: decision.trace.policyHash,
    rule: decision.rule,
    binding: asker.binding,
    system: asker.system,
    origin: withoutPerson(asker.origin),
    ...(actorId === undefined ? {} : { actor: commitTo('actor', salt, actorId) }),
    claims: commitTo('claims', salt, claimsText(submission)),
    tokens: tokens.map(({ sha256, keySetHash }) => ({
      sha256,
      ...(keySetHash === undefined ? {} : { keySet: keySetHash }),
    })),
    payloadSha256: sha256Hex(submission.payload),
    traceSha256: jsonHash(decision.trace),
    artifacts: recordList(records),
    ...(approvals === undefined ? {} : { approvals: { count: approvals.count, from: [...approvals.from] } }),
  };
}
