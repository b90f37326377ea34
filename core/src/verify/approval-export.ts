import * as z from 'zod/mini';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';
import type { ApprovalEvidence } from './approvals.ts';

/** Name of the file in an exported log. */
export const APPROVAL_EXPORT = 'approvals.json';

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const schema = z.strictObject({
  version: z.literal(1),
  approvals: z.array(z.strictObject({ statement: base64, signature: base64, approverSalt: base64 })),
  requesters: z.array(z.strictObject({ requestId: z.string(), actorId: z.string(), actorSalt: base64 })),
});

/** What of the evidence stands beside the log: documents whose hashes the log has, and salts of its commitments. */
export type ApprovalExport = Pick<ApprovalEvidence, 'approvals' | 'requesters'>;

/** The text of the file. */
export function formatApprovalExport({ approvals, requesters }: ApprovalExport): string {
  return `${canonicalJson({
    version: 1,
    approvals: approvals.map(({ statement, signature, approverSalt }) => ({
      statement: encodeBase64(statement),
      signature: encodeBase64(signature),
      approverSalt: encodeBase64(approverSalt),
    })),
    requesters: requesters.map(({ actorSalt, ...rest }) => ({ ...rest, actorSalt: encodeBase64(actorSalt) })),
  })}\n`;
}

/** Reads the file. Throws `verify.log`, `json.*`, `encoding.base64`. */
export function parseApprovalExport(text: string | Uint8Array): ApprovalExport {
  const parsed = schema.safeParse(parseStrictJson(text));
  if (!parsed.success) {
    throw new OriginSignError('verify.log', `${APPROVAL_EXPORT} does not have the documented shape.`, {
      details: { kind: 'approval', path: APPROVAL_EXPORT },
    });
  }
  const { approvals, requesters } = parsed.data;
  return {
    approvals: approvals.map(({ statement, signature, approverSalt }) => ({
      statement: decodeBase64(statement),
      signature: decodeBase64(signature),
      approverSalt: decodeBase64(approverSalt),
    })),
    requesters: requesters.map(({ actorSalt, ...rest }) => ({ ...rest, actorSalt: decodeBase64(actorSalt) })),
  };
}
