import { randomBytes } from 'node:crypto';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { equalBytes } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { unarmorSshSignature } from '@originsign/core/attestation/sshsig';
import { commitTo, COMMITMENT_SALT_LENGTH } from '@originsign/core/log/commitment';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import {
  type Approver,
  approvedBy,
  checkApproval,
  checkSubject,
  openReceived,
} from '@originsign/core/policy/approvals';
import { approvalSubmissionSchema, type SignedApproval } from '@originsign/core/protocol/approval';
import type { ApprovalView } from '@originsign/core/protocol/approval-view';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import { insertApproval, listApprovals } from '../store/approvals.ts';
import type { RequestRow, Trx } from '../store/database.ts';
import { findRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import { awaitedNow, fixedFacts, receivedApprovals } from './approvals.ts';
import { approvableRequest } from './approver-access.ts';
import { continueWaiting } from './begin-approved.ts';
import type { Context } from './context.ts';
import { endRequest } from './end-request.ts';
import { viewFor } from './show-approvals.ts';

/** Bytes of a body: the largest statement and signature in base64. */
const MAX_BODY = 32 * 1024;
/** An approval is about something that waits, so that none holds for longer than a request can wait. */
const LONGEST_APPROVAL_MS = 30 * 86_400_000;

/** A decision that was opened and not stored yet. */
interface Decision extends Approver {
  readonly signed: SignedApproval;
  readonly now: Date;
}

/**
 * Takes the decision of an approver: stores and logs it, ends the request for a denial, and begins to sign once enough people
 * agree. The signature is all the authentication there is: the same decision again changes nothing. Throws `approval.*`,
 * `ssh.*`, `json.*`, `request.not_found`, `request.state`, `policy.denied`.
 */
export async function approve(context: Context, id: string, body: Uint8Array): Promise<ApprovalView> {
  const signed = receiveApproval(body);
  const now = context.now();
  const approver = openReceived(context.roster.current(), { ...signed, at: now });
  if (approver.statement.requestId !== id) {
    throw new OriginSignError('approval.mismatch', 'The approval is for another request than the URL names.');
  }
  await approvableRequest(context, id, approver.person);
  const decision = { ...approver, signed, now };
  const index = await transaction(context.db, async (trx) => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    return request === undefined ? undefined : decideOn(trx, context, request, decision);
  });
  if (index !== undefined) {
    await context.publisher.durable(index + 1);
    await continueWaiting(context, id);
    // Whoever waits likes to hear that one of two agrees.
    context.progress.tell(id);
  }
  return viewFor(context, id, approver.person);
}

function receiveApproval(body: Uint8Array): SignedApproval {
  if (body.length > MAX_BODY)
    throw new OriginSignError('request.too_large', 'The body is larger than an approval can be.');
  const parsed = approvalSubmissionSchema.safeParse(parseStrictJson(body, { maxValues: 3 }));
  if (!parsed.success) throw new OriginSignError('approval.malformed', 'The body is not {statement, signature}.');
  const { statement, signature } = parsed.data;
  return { statement: decodeBase64(statement), signature: unarmorSshSignature(signature) };
}

/** Returns the index of the last entry, or `undefined` where the decision changes nothing. */
async function decideOn(
  trx: Trx,
  context: Context,
  request: RequestRow,
  decision: Decision,
): Promise<number | undefined> {
  const { statement, person, signed, now } = decision;
  const rows = await listApprovals(trx, request.id);
  // Before the state is looked at: an answer that was lost is given again.
  if (rows.some((row) => row.person === person.id && equalBytes(row.statement, signed.statement))) return undefined;
  refuseState(request, now);
  if (new Date(statement.expires).getTime() > now.getTime() + LONGEST_APPROVAL_MS) {
    throw new OriginSignError('approval.expired', 'The approval would hold for more than 30 days.');
  }
  if (statement.decision === 'deny') return deny(trx, context, request, decision);
  const { waiting } = awaitedNow(context, request, now);
  const roster = context.roster.current();
  checkApproval(decision, waiting, roster, now);
  // Who agrees already says nothing new; only what no longer counts can be renewed.
  if (approvedBy(receivedApprovals(rows), waiting, roster, now).includes(person.id)) return undefined;
  return record(trx, context, waiting.policyHash, decision);
}

function refuseState({ state, deadline }: RequestRow, now: Date): void {
  if (state === 'waiting_for_approval' && now < new Date(deadline)) return;
  const over = state === 'waiting_for_approval' ? 'has waited for too long' : `is ${state.replaceAll('_', ' ')}`;
  throw new OriginSignError('request.state', `The request ${over}, so there is nothing to approve.`, {
    hint: 'make a new request',
    details: { state },
  });
}

/** One denial is enough, whoever asked and whatever policy holds by now: that the person is asked was checked before. */
async function deny(trx: Trx, context: Context, request: RequestRow, decision: Decision): Promise<number> {
  const { statement, now } = decision;
  const { policy_hash: policyHash, rule } = request;
  checkSubject(statement, fixedFacts(request), now);
  await record(trx, context, policyHash, decision);
  const { id: requestId, project, policy, system } = request;
  const reason = statement.reason === undefined ? '' : ` They say: ${statement.reason}`;
  return endRequest(
    trx,
    request,
    {
      to: 'denied',
      code: 'approval.denied',
      detail: `An approver denied the request.${reason}`,
      entry: { type: 'DENIAL', requestId, project, policy, system, code: 'approval.denied', rule },
    },
    now,
  );
}

/** Logs and stores the decision. Returns the index of its entry. */
async function record(trx: Trx, context: Context, policyHash: string, decision: Decision): Promise<number> {
  const { statement, signed, person, now } = decision;
  const salt = new Uint8Array(randomBytes(COMMITMENT_SALT_LENGTH));
  const entry: LogEntryBody = {
    type: 'APPROVAL',
    requestId: statement.requestId,
    decision: statement.decision,
    approver: commitTo('approver', salt, person.id),
    statementSha256: sha256Hex(signed.statement),
    signatureSha256: sha256Hex(signed.signature),
    policyHash,
    rosterHash: context.roster.current().hash,
  };
  const [appended] = await appendEntries(trx, [entry], now);
  if (appended === undefined) throw new TypeError('No entry was appended.');
  await insertApproval(trx, {
    log_index: appended.index,
    request_id: statement.requestId,
    decision: statement.decision,
    person: person.id,
    created_at: now.toISOString(),
    statement: signed.statement,
    signature: signed.signature,
    salt,
  });
  return appended.index;
}
