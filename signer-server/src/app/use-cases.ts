import { isOriginSignError } from '@originsign/core/errors/error';
import { signNote } from '@originsign/core/log/signed-note';
import { noteKey } from '@originsign/core/log/note-key';
import { formatTrustFile } from '@originsign/core/protocol/trust-file';
import type { Evaluation, SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import type { LogResource } from '../log/resources.ts';
import { cancel } from './cancel.ts';
import type { ApprovalList, ApprovalView } from '@originsign/core/protocol/approval-view';
import { approve } from './approve.ts';
import type { ReceivedApproverCall } from './approver-access.ts';
import { listWaiting, showApprovals } from './show-approvals.ts';
import { checkedSignature } from './checked-signature.ts';
import type { Context } from './context.ts';
import { currentTrustFile } from './current-trust.ts';
import { evaluate } from './evaluate.ts';
import { follow } from './follow.ts';
import { readPublicLog } from './read-log.ts';
import { signedOnce } from './signed-once.ts';
import { publicStatus, type PublicStatus } from './status.ts';
import { submit } from './submit.ts';

/** The use cases of one server, each a function of its input alone. */
export interface ServerUseCases {
  submit(call: ReceivedCall, waitSeconds: number): Promise<SigningRequestView>;
  follow(id: string, call: ReceivedCall, waitSeconds: number): Promise<SigningRequestView>;
  cancel(id: string, call: ReceivedCall): Promise<SigningRequestView>;
  evaluate(call: ReceivedCall): Promise<Evaluation>;
  listWaiting(call: ReceivedApproverCall): Promise<ApprovalList>;
  showApprovals(id: string, call: ReceivedApproverCall): Promise<ApprovalView>;
  approve(id: string, body: Uint8Array): Promise<ApprovalView>;
  status(id: string): Promise<PublicStatus | undefined>;
  trust(): Promise<string>;
  logFile(path: string): Promise<LogResource | undefined>;
}

/** Binds the use cases to their context. */
export function createUseCases(context: Context): ServerUseCases {
  return {
    submit: (call, waitSeconds) => counted(context, () => submit(context, call, waitSeconds)),
    follow: (id, call, waitSeconds) => follow(context, id, call, waitSeconds),
    cancel: (id, call) => cancel(context, id, call),
    evaluate: (call) => evaluate(context, call),
    listWaiting: (call) => listWaiting(context, call),
    showApprovals: (id, call) => showApprovals(context, id, call),
    approve: (id, body) => approve(context, id, body),
    status: (id) => publicStatus(context.db, id),
    trust: trustNotes(context),
    logFile: (path) => readPublicLog(context.db, path),
  };
}

async function counted(context: Context, work: () => Promise<SigningRequestView>): Promise<SigningRequestView> {
  try {
    const view = await work();
    context.counters.outcome(view.state);
    return view;
  } catch (error) {
    context.counters.outcome(isOriginSignError(error) ? error.code : 'internal.error');
    throw error;
  }
}

/** The trust file as a note under the name and key of the log, for verifiers who pinned that key before. */
function trustNotes(context: Context): () => Promise<string> {
  const { logKey, logOrigin, hsm } = context;
  const key = noteKey(logOrigin, logKey.spki);
  const sign = (bytes: Uint8Array): Promise<Uint8Array> => checkedSignature(hsm, logKey, { kind: 'message', bytes });
  return signedOnce(
    async () => formatTrustFile(await currentTrustFile(context)),
    (text) => signNote(text, [{ key, sign }]),
  );
}
