import { OriginSignError } from '@originsign/core/errors/error';
import { utf8 } from '@originsign/core/encoding/bytes';
import { canonicalJson, type Json } from '@originsign/core/encoding/canonical-json';
import { WAIT_FOR_APPROVALS } from '@originsign/core/policy/approvals';
import { formatRecords } from '@originsign/core/log/records';
import { requestRecords } from '@originsign/core/protocol/request-records';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { insertArtifacts, type NewArtifact } from '../store/artifacts.ts';
import type { Trx } from '../store/database.ts';
import { storeEvidence } from '../store/evidence.ts';
import { findRequest, insertRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { consumeToken } from '../store/used-tokens.ts';
import type { Allowed, AuthenticatedSubmission } from './admit.ts';
import { refuseUnapprovable } from './approvals.ts';
import type { ActivePolicies, Context } from './context.ts';
import { claimsText, commitmentSalt, requestEntry } from './entries.ts';
import { writeIntent } from './intent.ts';
import { checkLimits, runKeyOf } from './limits.ts';
import { prepareArtifacts, type PreparedArtifact } from './prepare.ts';
import type { UsedToken } from './tokens.ts';

/** Used tokens are remembered well past their end, so that no clock skew opens a window for a second use. */
const REMEMBER_TOKENS_MS = 3_600_000;
/** Evidence is not shown to auditors before the token in it is dead. */
const DISCLOSE_AFTER_MS = 3_600_000;

/** What is stored. */
interface Accepted {
  readonly submission: AuthenticatedSubmission;
  readonly decision: Allowed;
  readonly prepared: readonly PreparedArtifact[];
}

/** What came of a submission; `waiting`: stored, and people are asked; `outdated`: nothing, because it was decided by policies that are no longer in force. */
export type Acceptance = 'accepted' | 'waiting' | 'known' | 'outdated';

/**
 * Transaction A, and B with it where no approval is awaited: lock the log head, read, use up the token, count the limits, store
 * the request, append REQUEST and INTENT. All of it stands or nothing does. A request that came in meanwhile under the same id
 * is left as it is, and the result is `known`; where the policies changed since `decidedBy`, nothing
 * happens and it is `outdated`. Throws `token.replayed`, `token.time`, `policy.limit`, `approval.requester`, `approval.roster`, and
 * what preparing the artifacts throws.
 */
export async function accept(
  context: Context,
  submission: AuthenticatedSubmission,
  { decision, decidedBy }: { readonly decision: Allowed; readonly decidedBy: ActivePolicies },
): Promise<Acceptance> {
  const now = context.now();
  const { requirements } = decision;
  const prepared = prepareArtifacts(submission.statement, requirements, context.keys(), now);
  const { approvals } = requirements;
  if (approvals !== undefined) refuseUnapprovable(context, submission.asker.origin, approvals);
  return transaction(context.db, async (trx) => {
    await lockHead(trx);
    if ((await findRequest(trx, submission.id)) !== undefined) return 'known';
    // Policies change under this lock, so that REQUEST stands behind the POLICY that allowed it.
    if (context.policies() !== decidedBy) return 'outdated';
    for (const token of submission.tokens) await useToken(trx, token, submission.id, context.now());
    const rule = { project: submission.statement.project, policy: submission.statement.policy, rule: decision.rule };
    await checkLimits(trx, { rule, runKey: runKey(submission), now }, requirements.limits);
    await storeRequest(trx, context, { submission, decision, prepared });
    if (approvals !== undefined) return 'waiting';
    await writeIntent(trx, context, { id: submission.id, statement: submission.statement, prepared, signingTime: now });
    return 'accepted';
  });
}

async function useToken(trx: Trx, token: UsedToken, requestId: string, now: Date): Promise<void> {
  const { tokenKey, uses = 1 } = token;
  // A static token may be used again and again, which is why it never counts alone.
  if (tokenKey === undefined) return;
  // The wait for the lock may have outlived the token; its end counts here and nowhere later.
  if (now.getTime() > token.expiresAt.getTime() + 60_000) {
    throw new OriginSignError('token.time', 'The token expired before the request was accepted.');
  }
  const expiresAt = new Date(token.expiresAt.getTime() + REMEMBER_TOKENS_MS);
  if (await consumeToken(trx, { tokenKey, uses, requestId, expiresAt })) return;
  throw new OriginSignError('token.replayed', 'The token was already used for another request.');
}

async function storeRequest(trx: Trx, context: Context, { submission, decision, prepared }: Accepted): Promise<void> {
  const { id, asker, statement } = submission;
  const now = context.now();
  const salt = commitmentSalt();
  const { approvals } = decision.requirements;
  const lifetime =
    approvals === undefined ? context.terms.requestLifetime : (approvals.expiresAfter ?? WAIT_FOR_APPROVALS);
  const records = requestRecords(statement);
  const [appended] = await appendEntries(trx, [requestEntry(submission, decision, records, salt)], now);
  if (appended === undefined) throw new TypeError('No entry was appended.');
  await insertRequest(trx, {
    id,
    state: approvals === undefined ? 'signing' : 'waiting_for_approval',
    project: statement.project,
    policy: statement.policy,
    system: asker.system,
    created_at: now.toISOString(),
    deadline: new Date(now.getTime() + lifetime * 1000).toISOString(),
    payload: submission.payload,
    envelope: canonicalJson(submission.envelope as Json),
    key_thumbprint: submission.keyThumbprint,
    claims: claimsText(submission),
    origin: canonicalJson(asker.origin as unknown as Json),
    binding: asker.binding,
    decision: canonicalJson(decision.trace as unknown as Json),
    policy_hash: decision.trace.policyHash,
    rule: decision.rule,
    approval_terms: approvals === undefined ? null : canonicalJson(approvals as unknown as Json),
    limit_run_key: runKey(submission),
    commitment_salt: salt,
    request_records: formatRecords(records),
    request_index: appended.index,
  });
  await insertArtifacts(trx, artifactRows(submission, prepared));
  for (const token of submission.tokens) await storeToken(trx, context, id, token);
}

async function storeToken(trx: Trx, context: Context, requestId: string, token: UsedToken): Promise<void> {
  // A static token lives on after the request, so nobody may find it in the store.
  if (token.tokenKey === undefined) return;
  await storeEvidence(trx, context.evidenceKey, {
    requestId,
    kind: token.kind,
    plaintext: utf8(token.raw),
    discloseAfter: new Date(token.expiresAt.getTime() + DISCLOSE_AFTER_MS),
  });
}

function artifactRows(
  { id, statement }: AuthenticatedSubmission,
  prepared: readonly PreparedArtifact[],
): readonly NewArtifact[] {
  return prepared.map(({ position, name, format, key }) => {
    const artifact = statement.artifacts[position];
    const subject = statement.subjects[position];
    if (artifact === undefined || subject === undefined) throw new TypeError('An artifact without a subject.');
    return {
      request_id: id,
      position,
      name,
      format: format.id,
      covered_algorithm: subject.coveredDigest.algorithm,
      covered_value: subject.coveredDigest.value,
      inputs: canonicalJson(artifact.inputs),
      options: canonicalJson(artifact.options),
      claimed_sha256: artifact.claimed.sha256,
      claimed_size: artifact.claimed.size,
      key_label: key.label,
    };
  });
}

function runKey({ asker }: AuthenticatedSubmission): string {
  return runKeyOf(asker.system, asker.origin.repository.id, asker.origin.run.id);
}
