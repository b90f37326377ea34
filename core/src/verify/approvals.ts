import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { commitTo } from '../log/commitment.ts';
import type { LogEntry, LogEntryOf } from '../log/entries.ts';
import { openReceived } from '../policy/approvals.ts';
import { isAmong, personByIdentity, type Roster } from '../policy/roster.ts';
import type { ApprovalStatement, SignedApproval } from '../protocol/approval.ts';

/** An approval as the server exports it beside the log, which has its hashes. */
export interface ExportedApproval extends SignedApproval {
  /** Salt of the commitment to the approver. */
  readonly approverSalt: Uint8Array;
}

/** Who started the run of a request, opened from the commitment in its REQUEST. */
export interface ExportedRequester {
  readonly requestId: string;
  readonly actorId: string;
  readonly actorSalt: Uint8Array;
}

/** What an auditor holds: entries of a log that was verified, what the server exported beside them, and a roster of their own. */
export interface ApprovalEvidence {
  /** In the order of the log. */
  readonly entries: readonly LogEntry[];
  readonly approvals: readonly ExportedApproval[];
  readonly requesters: readonly ExportedRequester[];
  readonly roster: Roster;
}

/** What the log says of one request that asked for approvals. */
export interface ApprovedSignature {
  readonly requestId: string;
  readonly count: number;
  /** The project file under which the last approval was taken; another than that of REQUEST may ask other people. */
  readonly policyHash?: string;
  /** People who agreed before the HSM was asked. */
  readonly approvedBy: readonly string[];
  /** False where it never came to INTENT. */
  readonly signed: boolean;
}

interface History {
  readonly request: LogEntryOf<'REQUEST'>;
  readonly approvals: LogEntryOf<'APPROVAL'>[];
  intent?: LogEntryOf<'INTENT'>;
}

/**
 * Checks offline that nothing was signed without the approvals that its REQUEST asked for: each one by a key of the roster that
 * was valid then, over exactly this request, by somebody who was asked and is not the requester, not expired at INTENT, in the
 * number that was asked for. Throws `verify.log` for the first request of which that is not so.
 */
export function verifyApprovals(evidence: ApprovalEvidence): readonly ApprovedSignature[] {
  const histories = readHistories(evidence.entries);
  // Two people may sign the same statement, but not with the same signature.
  const bySignature = new Map(evidence.approvals.map((approval) => [sha256Hex(approval.signature), approval]));
  return [...histories.values()].flatMap((history) => {
    const { approvals: asked, requestId } = history.request;
    if (asked === undefined) return [];
    const people = history.approvals
      .filter(({ decision }) => decision === 'approve')
      .flatMap((entry) => approverOf(history, entry, bySignature.get(entry.signatureSha256), evidence));
    const approvedBy = [...new Set(people)];
    const signed = history.intent !== undefined;
    if (signed && approvedBy.length < asked.count) {
      throw wrong(requestId, `was signed with ${approvedBy.length} approvals that count, and asked for ${asked.count}`);
    }
    const policyHash = history.approvals.at(-1)?.policyHash;
    return [{ requestId, count: asked.count, approvedBy, signed, ...(policyHash === undefined ? {} : { policyHash }) }];
  });
}

function readHistories(entries: readonly LogEntry[]): ReadonlyMap<string, History> {
  const histories = new Map<string, History>();
  for (const entry of entries) {
    if (entry.type === 'REQUEST') histories.set(entry.requestId, { request: entry, approvals: [] });
    if (entry.type === 'APPROVAL') histories.get(entry.requestId)?.approvals.push(entry);
    const history = entry.type === 'INTENT' ? histories.get(entry.requestId) : undefined;
    // The first one: what signing began under.
    if (history !== undefined && entry.type === 'INTENT') history.intent ??= entry;
  }
  return histories;
}

/** The person, where the approval counted when signing began; nobody where it had expired or the policy had changed. */
function approverOf(
  { request, intent, approvals }: History,
  entry: LogEntryOf<'APPROVAL'>,
  exported: ExportedApproval | undefined,
  evidence: ApprovalEvidence,
): readonly string[] {
  const { requestId } = entry;
  if (exported === undefined) throw wrong(requestId, 'has an APPROVAL that was not exported');
  if (sha256Hex(exported.statement) !== entry.statementSha256) throw wrong(requestId, 'has another statement exported');
  const { statement, person } = opened(requestId, { ...exported, at: new Date(entry.time) }, evidence.roster);
  if (commitTo('approver', exported.approverSalt, person.id) !== entry.approver) {
    throw wrong(requestId, `names another approver in the log than ${person.id}`);
  }
  if (!isAbout(statement, request)) throw wrong(requestId, `has an approval by ${person.id} of something else`);
  // Under a changed policy file others may have been asked; then only the file itself says whom.
  const isAsked = isAmong(person, request.approvals?.from ?? []) || entry.policyHash !== request.policyHash;
  if (!isAsked) throw wrong(requestId, `was approved by ${person.id}, who was not asked`);
  refuseRequester(request, person.id, evidence);
  const isOver = intent !== undefined && statement.expires <= intent.time;
  // Signing began under the policy file of the last approval; earlier files were asked for anew.
  const isOutdated = statement.policyHash !== approvals.at(-1)?.policyHash;
  return isOver || isOutdated ? [] : [person.id];
}

function opened(
  requestId: string,
  approval: Parameters<typeof openReceived>[1],
  roster: Roster,
): ReturnType<typeof openReceived> {
  try {
    return openReceived(roster, approval);
  } catch (cause) {
    if (!isOriginSignError(cause)) throw cause;
    throw wrong(requestId, 'has an approval that does not verify under the roster', cause);
  }
}

function isAbout(statement: ApprovalStatement, request: LogEntryOf<'REQUEST'>): boolean {
  const { requestId, project, policy, artifacts, origin } = request;
  return (
    statement.requestId === requestId &&
    statement.project === project &&
    statement.policy === policy &&
    statement.artifacts.root === artifacts.root &&
    statement.artifacts.count === artifacts.count &&
    statement.originSha256 === sha256Hex(utf8(canonicalJson(origin)))
  );
}

/** The commitment keeps the server from naming somebody else now than it let start the run then. */
function refuseRequester(
  request: LogEntryOf<'REQUEST'>,
  approver: string,
  { requesters, roster }: ApprovalEvidence,
): void {
  const { requestId, actor, system } = request;
  const requester = requesters.find((candidate) => candidate.requestId === requestId);
  if (actor === undefined || requester === undefined) return;
  if (commitTo('actor', requester.actorSalt, requester.actorId) !== actor) {
    throw wrong(requestId, 'names another requester in the log than was exported');
  }
  if (personByIdentity(roster, system, requester.actorId)?.id !== approver) return;
  throw wrong(requestId, `was approved by ${approver}, who started the run`);
}

function wrong(requestId: string, what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('verify.log', `The request ${requestId} ${what}.`, {
    details: { kind: 'approval', requestId },
    cause,
  });
}
