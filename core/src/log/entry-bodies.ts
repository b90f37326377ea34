import * as z from 'zod/mini';
import {
  code,
  count,
  entryReference,
  label,
  origin,
  recordList,
  requestId,
  sha256Hex,
  text,
  time,
} from './entry-fields.ts';

const artifacts = recordList;

/** One schema per type of log entry, without the members that all entries share. A type is never reused for another meaning. */
export const ENTRY_BODIES = {
  /** A request was accepted: who asks for what, and why it is allowed. Hashes of the tokens and of the issuer keys used. */
  REQUEST: z.strictObject({
    type: z.literal('REQUEST'),
    requestId,
    project: label,
    policy: label,
    policyHash: sha256Hex,
    rule: label,
    binding: z.enum(['audience', 'proof', 'bearer']),
    system: label,
    origin,
    /** Commitment to the actor; see commitment.ts. */
    actor: z.optional(sha256Hex),
    /** Commitment to the stored claims, which are evaluated again before the HSM signs. */
    claims: z.optional(sha256Hex),
    tokens: z.array(z.strictObject({ sha256: sha256Hex, keySet: z.optional(sha256Hex) })).check(z.maxLength(4)),
    payloadSha256: sha256Hex,
    traceSha256: sha256Hex,
    artifacts,
    /** People who have to agree before INTENT. */
    approvals: z.optional(z.strictObject({ count, from: z.array(text).check(z.minLength(1), z.maxLength(64)) })),
  }),
  /** Somebody of the roster decided about a request that waits. The SSH signature itself is kept beside the log, by hash here. */
  APPROVAL: z.strictObject({
    type: z.literal('APPROVAL'),
    requestId,
    decision: z.enum(['approve', 'deny']),
    /** Commitment to the id of the person; see commitment.ts. */
    approver: sha256Hex,
    /** SHA-256 of the bytes that were signed. */
    statementSha256: sha256Hex,
    /** SHA-256 of the SSHSIG. */
    signatureSha256: sha256Hex,
    /** Policy file and roster that it was taken under. */
    policyHash: sha256Hex,
    rosterHash: sha256Hex,
  }),
  /** The HSM is about to sign. `artifacts.root` is over the structures that it signs. */
  INTENT: z.strictObject({
    type: z.literal('INTENT'),
    requestId,
    attempt: count,
    lease: z.strictObject({ replica: label, until: time }),
    artifacts,
    /** The INTENT that this one takes the place of. */
    replaces: z.optional(entryReference),
  }),
  /** The HSM signed. `artifacts.root` is over the per-artifact records; nothing is released before this entry is public. */
  RESULT: z.strictObject({
    type: z.literal('RESULT'),
    requestId,
    intent: entryReference,
    artifacts,
    provenanceSha256: sha256Hex,
  }),
  /** Signing failed for good. `signatures` is the root over what the HSM made and nobody got. */
  FAILURE: z.strictObject({
    type: z.literal('FAILURE'),
    requestId,
    intent: z.optional(entryReference),
    code,
    signatures: z.optional(recordList),
  }),
  /** A request was refused. Project and policy are what the client asked for. */
  DENIAL: z.strictObject({
    type: z.literal('DENIAL'),
    requestId,
    project: text,
    policy: text,
    system: z.optional(label),
    code,
    rule: z.optional(label),
    traceSha256: z.optional(sha256Hex),
    repositoryId: z.optional(text),
  }),
  /** Refusals that are counted and not told one by one: of repositories that no project links, and of ones that insist. */
  REFUSALS: z.strictObject({ type: z.literal('REFUSALS'), since: time, count }),
  CANCEL: z.strictObject({ type: z.literal('CANCEL'), requestId }),
  EXPIRY: z.strictObject({ type: z.literal('EXPIRY'), requestId }),
  /** The lease of an INTENT ran out and nobody knows whether the HSM signed. Nothing of it was released. */
  OUTCOME_UNKNOWN: z.strictObject({ type: z.literal('OUTCOME_UNKNOWN'), requestId, intent: entryReference }),
  /** Something was done with a key. `issue` and `csr` stand before the HSM signs a certificate or a request for one. */
  KEY: z.strictObject({
    type: z.literal('KEY'),
    action: z.enum(['generate', 'adopt', 'issue', 'csr', 'certificate', 'retire']),
    label,
    purpose: label,
    keyType: label,
    spkiSha256: sha256Hex,
    certificateSha256: z.optional(sha256Hex),
    /** What `issue` and `csr` sign. */
    toBeSignedSha256: z.optional(sha256Hex),
  }),
  /**
   * A policy file is in force from here on (`ok`), or was refused: then `kept` is the hash of its older version that stays in
   * force. Of a file that was `removed` the hash is the one that was in force until here.
   */
  POLICY: z.strictObject({
    type: z.literal('POLICY'),
    file: text,
    hash: sha256Hex,
    ok: z.boolean(),
    kept: z.optional(sha256Hex),
    removed: z.optional(z.literal(true)),
  }),
  /** The roster of people was loaded. */
  ROSTER: z.strictObject({ type: z.literal('ROSTER'), hash: sha256Hex }),
  /** A key set of an issuer was seen for the first time; `keySet` is the SHA-256 of its body. */
  ISSUER_KEYS: z.strictObject({ type: z.literal('ISSUER_KEYS'), system: label, keySet: sha256Hex }),
  START: z.strictObject({ type: z.literal('START'), version: label, replica: label }),
  STOP: z.strictObject({ type: z.literal('STOP'), replica: label }),
} as const;

/** Name of a type of log entry. */
export type LogEntryType = keyof typeof ENTRY_BODIES;

/** What a caller logs: everything but version, time and salt. */
export type LogEntryBody = { [T in LogEntryType]: z.infer<(typeof ENTRY_BODIES)[T]> }[LogEntryType];

/** The body of one type of entry. */
export type LogEntryBodyOf<T extends LogEntryType> = z.infer<(typeof ENTRY_BODIES)[T]>;
