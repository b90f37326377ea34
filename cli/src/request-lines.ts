import { shortRequestId } from '@originsign/core/attestation/request-id';
import type { ShownRequest } from '@originsign/core/client/approvals';
import { originText, principalsText } from '@originsign/core/client/report-lines';
import { sizeText } from '@originsign/core/client/size-text';
import type { ApprovalList, ApprovalView } from '@originsign/core/protocol/approval-view';
import { counted, row, timeText } from './ui.ts';

/** One line for each request that waits. */
export function listLines({ requests }: ApprovalList): readonly string[] {
  if (requests.length === 0) return [row('nothing', 'waits for you')];
  return requests.map(({ id, project, policy, artifacts, approvals, repository, ref, deadline }) =>
    row(
      'waiting',
      id,
      `${project}/${policy}`,
      counted(artifacts, 'artifact'),
      [repository.replace(/^https?:\/\//, ''), ref].filter((part) => part !== undefined).join(' '),
      `${approvals.approvedBy.length} of ${approvals.count}`,
      `until ${timeText(deadline)}`,
    ),
  );
}

/** Everything that an approver has to see: what was computed here of the payload, and what the server says besides. */
export function shownLines({ view, statement, approved }: ShownRequest): readonly string[] {
  const { origin } = view;
  return [
    row('request', shortRequestId(view.id), view.id),
    row('state', stateText(view)),
    row('origin', originText(origin, view.binding)),
    ...optional('commit', origin.commit),
    row('workflow', origin.workflow.uri),
    row('run', origin.run.uri),
    row('requester', ...requesterText(view)),
    row('policy', `${statement.project}/${statement.policy}`, `rule ${view.rule}`),
    row('', `policy file sha256 ${view.policyHash}`),
    row('limits', limitsText(view)),
    ...textLines(statement),
    ...statement.artifacts.flatMap((artifact, index) => artifactLines(artifact, statement.subjects[index], view)),
    row('signs', counted(approved.artifacts.count, 'artifact'), `root ${approved.artifacts.root}`),
    ...view.decisions.map((decision) => decisionLine(decision)),
    ...(view.problem === undefined ? [] : [row('problem', view.problem)]),
  ];
}

/** `waiting for approval, 1 of 2 (release-managers), until 2026-11-23 09:14:03Z`. */
export function stateText({ state, approvals, deadline }: ApprovalView): string {
  const word = state.replaceAll('_', ' ');
  const { approvedBy, count, from } = approvals;
  const people = `${approvedBy.length} of ${count} (${principalsText(from)})`;
  return state === 'waiting_for_approval' ? `${word}, ${people}, until ${timeText(deadline)}` : word;
}

function requesterText({ requester: { account, person } }: ApprovalView): readonly string[] {
  return [
    account ?? 'the build system does not say who',
    person === undefined ? 'nobody of the roster' : `person ${person}`,
  ];
}

function limitsText({ limits: { perRun, perHour } }: ApprovalView): string {
  const limits = [
    ...(perRun === undefined ? [] : [`${perRun} per run`]),
    ...(perHour === undefined ? [] : [`${perHour} per hour`]),
  ];
  return limits.length === 0 ? 'none' : limits.join(', ');
}

function textLines({ description, parameters = {} }: ShownRequest['statement']): readonly string[] {
  return [
    ...(description ?? '').split('\n').flatMap((line) => optional('text', line === '' ? undefined : line)),
    ...Object.entries(parameters).map(([name, value]) => row('parameter', `${name}=${value}`)),
  ];
}

type Statement = ShownRequest['statement'];

function artifactLines(
  { format, claimed }: Statement['artifacts'][number],
  subject: Statement['subjects'][number] | undefined,
  { keys }: ApprovalView,
): readonly string[] {
  if (subject === undefined) return [];
  const { algorithm, value } = subject.coveredDigest;
  const key = keys[format];
  return [
    row('artifact', subject.name, format, key === undefined ? undefined : `key ${key}`),
    row('', `${algorithm} ${value}`),
    row('', `claimed by the job, unchecked: file of ${sizeText(claimed.size)}, sha256 ${claimed.sha256}`),
  ];
}

function decisionLine({ person, decision, at, expires, reason }: ApprovalView['decisions'][number]): string {
  const word = decision === 'approve' ? 'approved' : 'denied';
  return row(word, person, timeText(at), `holds until ${timeText(expires)}`, reason);
}

function optional(word: string, text: string | undefined): readonly string[] {
  return text === undefined ? [] : [row(word, text)];
}
