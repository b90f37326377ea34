import * as z from 'zod/mini';
import { signingRequestSchema, STATES } from './signing-request.ts';

/** Path of the approvals of one request, below the server's URL. */
export function approvalsPath(id: string): string {
  return `/v1/signing-requests/${id}/approvals`;
}

/** A decision that was taken about a request. */
const decisionSchema = z.looseObject({
  person: z.string(),
  decision: z.enum(['approve', 'deny']),
  at: z.string(),
  expires: z.string(),
  reason: z.optional(z.string()),
});

/**
 * `GET` and answer of `POST /v1/signing-requests/{id}/approvals`: everything that an approver has to see. The payload is the
 * exact attestation, whose hash is the id, so that nobody has to believe the server about what will be signed.
 */
export const approvalViewSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  state: z.enum(STATES),
  /** Base64. */
  payload: z.string(),
  origin: signingRequestSchema.shape.origin,
  binding: signingRequestSchema.shape.binding,
  rule: z.string(),
  policyHash: z.string(),
  createdAt: z.string(),
  /** Until when it waits. */
  deadline: z.string(),
  /** Who started the run: account on the platform, and the person of the roster behind it. */
  requester: z.looseObject({ account: z.optional(z.string()), person: z.optional(z.string()) }),
  approvals: z.looseObject({ count: z.number(), from: z.array(z.string()), approvedBy: z.array(z.string()) }),
  /** All decisions, those that no longer count included. */
  decisions: z.array(decisionSchema),
  /** What the rule asks for besides. */
  limits: z.looseObject({ perRun: z.optional(z.number()), perHour: z.optional(z.number()) }),
  /** Format to label of the key. */
  keys: z.record(z.string(), z.string()),
  /** The caller, by the roster. */
  you: z.string(),
  /** Why the policy in force does not allow the request now; then nobody can approve it. */
  problem: z.optional(z.string()),
});

/** Shape of {@link approvalViewSchema}. */
export type ApprovalView = z.infer<typeof approvalViewSchema>;

/** `GET /v1/signing-requests`: what waits for the caller, oldest first. */
export const approvalListSchema = z.looseObject({
  requests: z.array(
    z.looseObject({
      id: z.string(),
      project: z.string(),
      policy: z.string(),
      createdAt: z.string(),
      deadline: z.string(),
      artifacts: z.number(),
      approvals: z.looseObject({ count: z.number(), from: z.array(z.string()), approvedBy: z.array(z.string()) }),
      repository: z.string(),
      ref: z.optional(z.string()),
    }),
  ),
});

/** Shape of {@link approvalListSchema}. */
export type ApprovalList = z.infer<typeof approvalListSchema>;
