import * as z from 'zod/mini';

/** Of 32 to 64 bytes: how long exactly, the name of the digest says. */
const hexDigest = z.string().check(z.regex(/^(?:[0-9a-f]{2}){32,64}$/));
const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]*={0,2}$/));

/** `POST /v1/signing-requests` and `POST /v1/evaluations`. The envelope is checked by the attestation room. */
export const submissionSchema = z.strictObject({
  envelope: z.unknown(),
  tokens: z.strictObject({ ci: z.string(), serviceConnection: z.optional(z.string()) }),
});

/** Shape of {@link submissionSchema}. */
export type Submission = z.infer<typeof submissionSchema>;

/** States of a signing request. The last five are final. */
export const STATES = [
  'waiting_for_approval',
  'signing',
  'completed',
  'denied',
  'failed',
  'cancelled',
  'expired',
] as const;

/** One of {@link STATES}. */
export type State = (typeof STATES)[number];

const originSchema = z.looseObject({
  platform: z.string(),
  system: z.string(),
  repository: z.looseObject({ uri: z.string(), id: z.string(), ownerId: z.optional(z.string()) }),
  commit: z.optional(z.string()),
  ref: z.optional(z.string()),
  workflow: z.looseObject({ uri: z.string() }),
  run: z.looseObject({ id: z.string(), attempt: z.optional(z.number()), uri: z.string() }),
});

const artifactSchema = z.looseObject({
  name: z.string(),
  format: z.string(),
  /** One member: name of the algorithm, then the digest. */
  coveredDigest: z.record(z.string(), hexDigest),
  key: z.looseObject({ label: z.string(), type: z.string(), spki: base64 }),
  /** What the client embeds or writes beside the file. */
  block: z.optional(base64),
  timestamp: z.optional(z.string()),
});

/** What the server says of one signing request. Unknown members are kept, for servers newer than the client. */
export const signingRequestSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  state: z.enum(STATES),
  project: z.string(),
  policy: z.string(),
  rule: z.optional(z.string()),
  binding: z.enum(['audience', 'proof', 'bearer']),
  origin: originSchema,
  createdAt: z.string(),
  deadline: z.string(),
  artifacts: z.array(artifactSchema),
  receipt: z.optional(z.string()),
  provenance: z.optional(z.unknown()),
  /** While it waits for people: how many are asked, how many agree, and who is asked (`group:name`, `user:name`). */
  approvals: z.optional(z.looseObject({ count: z.number(), approved: z.number(), from: z.array(z.string()) })),
  /** Why a request failed or was denied. */
  failure: z.optional(z.looseObject({ code: z.string(), detail: z.string() })),
});

/** Shape of {@link signingRequestSchema}. */
export type SigningRequestView = z.infer<typeof signingRequestSchema>;

const conditionTraceSchema = z.looseObject({
  claim: z.string(),
  operator: z.string(),
  expected: z.json(),
  actual: z.optional(z.json()),
  passed: z.boolean(),
});

/** The decision trace on the wire, with the shape of `DecisionTrace`. */
export const decisionTraceSchema = z.looseObject({
  project: z.string(),
  policy: z.string(),
  policyHash: z.string(),
  decision: z.enum(['allow', 'deny']),
  rule: z.optional(z.string()),
  rules: z.array(
    z.looseObject({
      rule: z.string(),
      effect: z.enum(['allow', 'deny']),
      passed: z.boolean(),
      conditions: z.array(conditionTraceSchema),
      anyOf: z.optional(z.looseObject({ nearest: z.number(), alternatives: z.array(z.array(conditionTraceSchema)) })),
    }),
  ),
});

/** Answer of `POST /v1/evaluations`. */
export const evaluationSchema = z.looseObject({
  decision: z.enum(['allow', 'deny']),
  origin: originSchema,
  binding: z.enum(['audience', 'proof', 'bearer']),
  trace: decisionTraceSchema,
});

/** Shape of {@link evaluationSchema}. */
export type Evaluation = z.infer<typeof evaluationSchema>;
