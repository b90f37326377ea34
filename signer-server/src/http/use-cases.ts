import type { Evaluation, SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ApprovalList, ApprovalView } from '@originsign/core/protocol/approval-view';
import type { ReceivedCall } from '../identity/request-authentication.ts';

/** A call of somebody who may approve, before anything in it is believed. */
export interface ApproverCall {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** What a status page may show to anyone who knows the id. */
export interface PublicStatus {
  readonly id: string;
  readonly state: string;
  readonly project: string;
  readonly policy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly artifacts: number;
}

/** What the HTTP layer needs of the application. Every call throws `OriginSignError`. */
export interface UseCases {
  /** Accepts or continues a signing request and waits up to `waitSeconds` for its end. */
  submit(call: ReceivedCall, waitSeconds: number): Promise<SigningRequestView>;
  /** State of a request, after waiting up to `waitSeconds` for its end. */
  follow(id: string, call: ReceivedCall, waitSeconds: number): Promise<SigningRequestView>;
  cancel(id: string, call: ReceivedCall): Promise<SigningRequestView>;
  /** The decision on a request, with nothing consumed and nothing signed. */
  evaluate(call: ReceivedCall): Promise<Evaluation>;
  /** What waits for the approver who asks. */
  listWaiting(call: ApproverCall): Promise<ApprovalList>;
  /** Everything that an approver has to see of one request. */
  showApprovals(id: string, call: ApproverCall): Promise<ApprovalView>;
  /** Takes a signed decision. */
  approve(id: string, body: Uint8Array): Promise<ApprovalView>;
  status(id: string): Promise<PublicStatus | undefined>;
  /** The trust file as a note signed by the log key. */
  trust(): Promise<string>;
  /** A file of the log by its C2SP path; `undefined` where the log has none. Throws `access.role` for entries. */
  logFile(path: string): Promise<LogFile | undefined>;
}

/** A file of the public log. */
export interface LogFile {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** True where it never changes, so that caches may keep it. */
  readonly immutable: boolean;
}
