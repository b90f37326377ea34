import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import type { Json } from '../encoding/canonical-json.ts';
import { isOriginSignError } from '../errors/error.ts';
import { armorSshSignature } from '../attestation/sshsig.ts';
import { parseSigningRequest, type SigningRequestStatement } from '../attestation/statement.ts';
import {
  APPROVAL_NAMESPACE,
  approvedRequest,
  encodeApproval,
  type ApprovalStatement,
  type ApprovedRequest,
} from '../protocol/approval.ts';
import {
  approvalListSchema,
  approvalsPath,
  approvalViewSchema,
  type ApprovalList,
  type ApprovalView,
} from '../protocol/approval-view.ts';
import {
  APPROVER_CALL_NAMESPACE,
  approverCallMessage,
  formatApproverAuthorization,
} from '../protocol/approver-call.ts';
import { SIGNING_REQUESTS_PATH } from '../protocol/limits.ts';
import { readAnswer } from './caller.ts';
import { unexpected } from './check-view.ts';
import type { Clock } from './clock.ts';
import type { FetchPort } from './fetch-port.ts';

/** Milliseconds until an answer must be there. */
const TIMEOUT = 30_000;

/** Makes SSHSIG bytes with the key of the person, who may be asked for a passphrase or a touch. */
export type SshSigner = (namespace: string, message: Uint8Array) => Promise<Uint8Array>;

/** What an approver works with. */
export interface ApproverPorts {
  /** Canonical URL. */
  readonly server: string;
  readonly fetch: FetchPort;
  readonly clock: Pick<Clock, 'now'>;
  readonly sign: SshSigner;
}

/** A request as an approver may look at it: what the payload says was computed here, and is not the server's word. */
export interface ShownRequest {
  readonly view: ApprovalView;
  readonly statement: SigningRequestStatement;
  readonly approved: ApprovedRequest;
}

/** What a person decides. */
export interface Decision {
  readonly decision: 'approve' | 'deny';
  /** Until when it holds. */
  readonly expires: Date;
  readonly reason?: string;
}

/** What waits for the person whose key signs. Throws what the server answers, `server.*`. */
export async function listAwaited(ports: ApproverPorts): Promise<ApprovalList> {
  const parsed = approvalListSchema.safeParse(await read(ports, SIGNING_REQUESTS_PATH));
  if (!parsed.success) throw unexpected('its list has not the documented shape');
  return parsed.data;
}

/**
 * Fetches what there is to decide about one request, and checks that the payload is the one that the id names. Throws what the
 * server answers, `server.*`.
 */
export async function showRequest(ports: ApproverPorts, id: string): Promise<ShownRequest> {
  const view = parseView(await read(ports, approvalsPath(id)), id);
  try {
    const payload = decodeBase64(view.payload);
    const approved = approvedRequest(payload, view.origin as unknown as Json);
    if (approved.requestId !== id) throw unexpected('it shows another payload than the one of this request');
    const statement = parseSigningRequest(payload);
    // A request for another server is none that this one could sign.
    if (statement.server !== ports.server) throw unexpected('the request was made for another server');
    return { view, approved, statement };
  } catch (cause) {
    if (isOriginSignError(cause, 'server.unexpected') || !isOriginSignError(cause)) throw cause;
    throw unexpected('the payload that it shows cannot be read', cause);
  }
}

/** Signs the decision about exactly what was shown, and sends it. Throws `approval.malformed` for a reason that cannot be, and what the server answers. */
export async function decideRequest(
  ports: ApproverPorts,
  shown: ShownRequest,
  decision: Decision,
): Promise<ApprovalView> {
  const { rule, policyHash } = shown.view;
  const statement: ApprovalStatement = {
    ...shown.approved,
    rule,
    policyHash,
    decision: decision.decision,
    expires: decision.expires.toISOString(),
    ...(decision.reason === undefined ? {} : { reason: decision.reason }),
  };
  const bytes = encodeApproval(statement);
  const signature = await ports.sign(APPROVAL_NAMESPACE, bytes);
  const { requestId: id } = shown.approved;
  const body = { statement: encodeBase64(bytes), signature: armorSshSignature(signature) };
  const response = await ports.fetch(`${ports.server}${approvalsPath(id)}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: utf8(JSON.stringify(body)),
    timeout: TIMEOUT,
    showsCertificate: true,
  });
  return parseView(readAnswer(response, ports.clock.now()), id);
}

async function read({ server, fetch, clock, sign }: ApproverPorts, path: string): Promise<Json> {
  const url = `${server}${path}`;
  const created = Math.floor(clock.now().getTime() / 1000);
  const signature = await sign(APPROVER_CALL_NAMESPACE, approverCallMessage({ method: 'GET', url }, created));
  const response = await fetch(url, {
    method: 'GET',
    headers: { accept: 'application/json', authorization: formatApproverAuthorization(created, signature) },
    timeout: TIMEOUT,
    showsCertificate: true,
  });
  return readAnswer(response, clock.now());
}

function parseView(document: Json, id: string): ApprovalView {
  const parsed = approvalViewSchema.safeParse(document);
  if (!parsed.success) throw unexpected('its answer has not the documented shape');
  if (parsed.data.id !== id) throw unexpected('it answered for another request');
  return parsed.data;
}
