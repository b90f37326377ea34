import * as z from 'zod/mini';
import { isRequestId, requestId as idOf } from '../attestation/request-id.ts';
import { shapeReader } from '../attestation/shape.ts';
import type { SshPublicKey } from '../attestation/ssh-public-key.ts';
import { parseSshSignature, verifySshSignature } from '../attestation/sshsig.ts';
import { parseSigningRequest } from '../attestation/statement.ts';
import { hasDeceptiveCharacters } from '../attestation/subject-name.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { recordList } from '../log/records.ts';
import { requestRecords } from './request-records.ts';

/** `type` of an approval. */
export const APPROVAL_TYPE = 'https://originsign.dev/approval/v1';
/** Namespace of the SSH signature on an approval. */
export const APPROVAL_NAMESPACE = 'originsign-approval';
/** Bytes of the statement of an approval, at most. */
export const MAX_APPROVAL = 4096;

/** What of a request never changes: the payload says it, and the server's word of where it came from. */
export interface ApprovedRequest {
  readonly requestId: string;
  readonly project: string;
  readonly policy: string;
  /** SHA-256 over the canonical JSON of the origin without the person behind it, as REQUEST in the log has it. */
  readonly originSha256: string;
  /** Count and root over names, formats, covered digests and claims: `artifacts` of REQUEST. */
  readonly artifacts: { readonly count: number; readonly root: string };
}

/** What an approver signs: one decision about one request, under the one rule and policy file that they saw. */
export interface ApprovalStatement extends ApprovedRequest {
  readonly decision: 'approve' | 'deny';
  /** Rule that asks for the approval. */
  readonly rule: string;
  /** SHA-256 of the project file. */
  readonly policyHash: string;
  /** When it stops to count; UTC with milliseconds. */
  readonly expires: string;
  /** For people. */
  readonly reason?: string;
}

/** A signed approval as it is sent, stored and exported: exact bytes. */
export interface SignedApproval {
  /** Canonical JSON. */
  readonly statement: Uint8Array;
  /** SSHSIG over it. */
  readonly signature: Uint8Array;
}

/** Body of `POST /v1/signing-requests/{id}/approvals`: base64 of the statement, and the armored signature over it. */
export const approvalSubmissionSchema = z.strictObject({ statement: z.string(), signature: z.string() });

const shape = shapeReader('approval.malformed', 'approval');
const MEMBERS = [
  ...['type', 'decision', 'requestId', 'project', 'policy', 'rule', 'policyHash', 'originSha256', 'artifacts'],
  'expires',
];
const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What an approval of this request has to name. Both sides compute it themselves from the payload. Throws `statement.*`, `json.*`. */
export function approvedRequest(payload: Uint8Array, originWithoutPerson: Json): ApprovedRequest {
  const statement = parseSigningRequest(payload);
  return {
    requestId: idOf(payload),
    project: statement.project,
    policy: statement.policy,
    originSha256: sha256Hex(utf8(canonicalJson(originWithoutPerson))),
    artifacts: recordList(requestRecords(statement)),
  };
}

/** The bytes that an approver signs. Throws `approval.malformed` for a reason that is too long or no plain line. */
export function encodeApproval(statement: ApprovalStatement): Uint8Array {
  const bytes = utf8(canonicalJson({ type: APPROVAL_TYPE, ...statement }));
  parseApproval(bytes);
  return bytes;
}

/** Reads the statement of an approval: known members, one spelling. Throws `approval.malformed`, `json.*`. */
export function parseApproval(bytes: Uint8Array): ApprovalStatement {
  if (bytes.length > MAX_APPROVAL) throw shape.fail('approval', `it is larger than ${MAX_APPROVAL} bytes`);
  const value = parseStrictJson(bytes, { maxDepth: 2 });
  const object = shape.object(value, 'approval', MEMBERS, ['reason']);
  // Two spellings would be two approvals to whoever compares hashes.
  if (canonicalJson(object) !== utf8Text(bytes)) throw shape.fail('approval', 'it is not canonical JSON');
  if (object['type'] !== APPROVAL_TYPE) throw shape.fail('type', `expected ${APPROVAL_TYPE}`);
  const artifacts = shape.object(object['artifacts'], 'artifacts', ['count', 'root']);
  const { requestId } = object;
  if (typeof requestId !== 'string' || !isRequestId(requestId)) throw shape.fail('requestId', 'expected a request id');
  return {
    decision: shape.text(object['decision'], 'decision', /^(?:approve|deny)$/) as ApprovalStatement['decision'],
    requestId,
    project: shape.text(object['project'], 'project', NAME),
    policy: shape.text(object['policy'], 'policy', NAME),
    rule: shape.text(object['rule'], 'rule', NAME),
    policyHash: shape.text(object['policyHash'], 'policyHash', HASH),
    originSha256: shape.text(object['originSha256'], 'originSha256', HASH),
    artifacts: {
      count: shape.count(artifacts['count'], 'artifacts.count'),
      root: shape.text(artifacts['root'], 'artifacts.root', HASH),
    },
    expires: timeOf(object['expires']),
    ...(object['reason'] === undefined ? {} : { reason: reasonOf(object['reason']) }),
  };
}

function timeOf(value: unknown): string {
  const text = shape.text(value, 'expires', TIME);
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text) throw shape.fail('expires', 'there is no such time');
  return text;
}

function reasonOf(value: unknown): string {
  const text = shape.text(value, 'reason', /^[^\p{Cc}]{1,500}$/u);
  if (hasDeceptiveCharacters(text)) throw shape.fail('reason', 'it has characters that hide or turn text');
  return text;
}

/**
 * Reads an approval and verifies its signature. Whose key it is, and whether the approval counts, is for the caller to know.
 * Throws `approval.malformed`, `json.*`, `ssh.malformed`, `ssh.signature`.
 */
export function openApproval({ statement, signature }: SignedApproval): {
  readonly statement: ApprovalStatement;
  readonly key: SshPublicKey;
} {
  const parsed = parseApproval(statement);
  const opened = parseSshSignature(signature);
  verifySshSignature(opened, APPROVAL_NAMESPACE, statement);
  return { statement: parsed, key: opened.key };
}
