import { OriginSignError } from '../errors/error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { ApprovalStatement, ApprovedRequest, SignedApproval } from '../protocol/approval.ts';
import { openApproval } from '../protocol/approval.ts';
import { isOriginSignError } from '../errors/error.ts';
import type { Approvals } from './model.ts';
import {
  isAmong,
  isValidAt,
  type Person,
  personByIdentity,
  personByKey,
  type PlatformIdentity,
  type Roster,
} from './roster.ts';

/** How long a request waits for its approvals where its rule does not say; seconds. */
export const WAIT_FOR_APPROVALS = 24 * 3600;

/** A request that waits, under the policy as it is now. */
export interface WaitingRequest extends ApprovedRequest {
  /** The rule that allows it now, and the file that the rule stands in. */
  readonly rule: string;
  readonly policyHash: string;
  readonly approvals: Approvals;
  /** Who started the run, where the platform says it. */
  readonly requester: PlatformIdentity | undefined;
}

/** An approval with the time at which the server took it. */
export interface ReceivedApproval extends SignedApproval {
  readonly at: Date;
}

/** Whoever signed an approval, as the roster has them. */
export interface Approver {
  readonly statement: ApprovalStatement;
  readonly person: Person;
}

/**
 * Opens an approval and finds its person: both key and person must have been valid when it was taken. Throws
 * `approval.malformed`, `ssh.*`, `approval.approver`.
 */
export function openReceived(roster: Roster, approval: ReceivedApproval): Approver {
  const { statement, key } = openApproval(approval);
  const person = personByKey(roster, key, approval.at);
  if (person !== undefined) return { statement, person };
  throw refused('approval.approver', `The roster has nobody with the key ${key.fingerprint} who may approve now.`);
}

/** Throws what keeps a decision from being one about this request: `approval.mismatch`, `approval.expired`. */
export function checkSubject(statement: ApprovalStatement, request: ApprovedRequest, now: Date): void {
  const different = differences(statement, request);
  if (different.length > 0) {
    throw refused('approval.mismatch', `The approval is for another ${different.join(', ')} than the request has.`);
  }
  if (new Date(statement.expires) <= now) throw refused('approval.expired', 'The approval has expired.');
}

/**
 * Throws what keeps an approval from counting: that of {@link checkSubject}, `approval.approver` for people
 * whom the rule does not ask, `approval.mismatch` where rule or policy file are
 * no longer those that the approver saw, `approval.requester` where approver and requester are or may be the same.
 */
export function checkApproval(approver: Approver, waiting: WaitingRequest, roster: Roster, now: Date): void {
  const { statement, person } = approver;
  checkSubject(statement, waiting, now);
  if (!isAmong(person, waiting.approvals.from)) {
    throw refused(
      'approval.approver',
      `The rule does not ask ${person.id}: it asks ${waiting.approvals.from.join(', ')}.`,
    );
  }
  const seen = [
    ...(statement.rule === waiting.rule ? [] : ['rule']),
    ...(statement.policyHash === waiting.policyHash ? [] : ['policy file']),
  ];
  if (seen.length > 0)
    throw refused('approval.mismatch', `The ${seen.join(' and ')} is not the one that was approved.`);
  const objection = requesterObjection(person, waiting, roster);
  if (objection !== undefined) throw objection;
}

/** Why nobody can approve the request, because nobody can tell who asked for it; `undefined` where that is no hindrance. */
export function unknownRequester(
  waiting: Pick<WaitingRequest, 'approvals' | 'requester'>,
  roster: Roster,
): OriginSignError | undefined {
  const { requester, approvals } = waiting;
  if (approvals.unknownRequester === 'allow') return undefined;
  if (requester !== undefined && personByIdentity(roster, requester.system, requester.actorId) !== undefined)
    return undefined;
  const who =
    requester === undefined
      ? 'The build system does not say who'
      : `The roster does not know who, account ${requester.actorId} of ${requester.system},`;
  return refused('approval.requester', `${who} started the run, so nobody can be told apart from them.`, {
    hint: 'add the account to the identities of its person in the roster, or let the rule say unknownRequester: allow',
  });
}

/** The people who could approve: asked by the rule, valid now, with a key, and not the requester. */
export function possibleApprovers(
  waiting: Pick<WaitingRequest, 'approvals' | 'requester'>,
  roster: Roster,
  now: Date,
): readonly Person[] {
  const { requester, approvals } = waiting;
  const own = requester && personByIdentity(roster, requester.system, requester.actorId);
  return roster.people.filter(
    (person) =>
      person.id !== own?.id &&
      isAmong(person, approvals.from) &&
      isValidAt(person, now) &&
      person.keys.some((key) => isValidAt(key, now)),
  );
}

/** Ids of the people whose approvals count now, each once, however many keys they used. Signatures are verified again. */
export function approvedBy(
  approvals: readonly ReceivedApproval[],
  waiting: WaitingRequest,
  roster: Roster,
  now: Date,
): readonly string[] {
  const people = approvals.flatMap((approval) => {
    try {
      const approver = openReceived(roster, approval);
      if (approver.statement.decision !== 'approve') return [];
      checkApproval(approver, waiting, roster, now);
      return [approver.person.id];
    } catch (error) {
      // One that no longer counts is no fault: people leave, and policies change.
      if (isOriginSignError(error)) return [];
      throw error;
    }
  });
  return [...new Set(people)];
}

function requesterObjection(person: Person, waiting: WaitingRequest, roster: Roster): OriginSignError | undefined {
  const unknown = unknownRequester(waiting, roster);
  if (unknown !== undefined) return unknown;
  const { requester } = waiting;
  const own = requester && personByIdentity(roster, requester.system, requester.actorId);
  if (own?.id !== person.id) return undefined;
  return refused('approval.requester', `${person.id} started the run, and cannot approve what it asks for.`);
}

function differences(statement: ApprovalStatement, waiting: ApprovedRequest): readonly string[] {
  const { artifacts } = statement;
  return [
    ...(statement.requestId === waiting.requestId ? [] : ['request']),
    ...(statement.project === waiting.project ? [] : ['project']),
    ...(statement.policy === waiting.policy ? [] : ['policy']),
    ...(statement.originSha256 === waiting.originSha256 ? [] : ['origin']),
    ...(artifacts.root === waiting.artifacts.root && artifacts.count === waiting.artifacts.count ? [] : ['artifacts']),
  ];
}

function refused(code: ErrorCode, message: string, extra: { readonly hint?: string } = {}): OriginSignError {
  return new OriginSignError(code, message, extra);
}
