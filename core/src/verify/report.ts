import type { CoveredDigest } from '../attestation/covered-digest.ts';
import type { ProvenanceOrigin, ProvenanceRequest } from '../attestation/provenance.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** What is checked of one file, in this order. */
export const CHECK_NAMES = [
  'trust',
  'signature',
  'timestamp',
  'receipt',
  'signer',
  'record',
  'provenance',
  'binding',
  'repository',
  'project',
  'ref',
  'workflow',
  'policy',
  'builder',
] as const;

/** Name of one check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** What it says that a check is ok, as a phrase for people. */
export const CHECK_MEANINGS: Readonly<Record<CheckName, string>> = {
  trust: 'the trust file is not of a trial store, unless that was asked for',
  signature: 'the signature fits the content',
  timestamp: 'a trusted authority says when it was made, or it has no timestamp',
  receipt: 'the log has the signing',
  signer: 'certificate or key is trusted, and counted at that time',
  record: 'the log names this very signature',
  provenance: 'the signing server says where it came from',
  binding: 'file, log and provenance speak of one signing',
  repository: 'it comes from the expected repository',
  project: 'it was signed for the expected project',
  ref: 'it was built from the expected ref',
  workflow: 'the expected workflow was started',
  policy: 'the expected policy allowed it',
  builder: 'the expected workflow, pipeline or job defined the build',
};

/**
 * Outcome of one check. One that could not be made, because a check before it failed, is not ok and has no code. Checks of
 * expectations that were not given are left out.
 */
export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
  /** Why the check is not ok: the sentence of the error. */
  readonly detail?: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
}

/** Who signed: the subject of a certificate, or the label of a key that the trust file names. */
export interface Signer {
  readonly name: string;
  /** Issuer of the certificate; not there for bare keys. */
  readonly issuer?: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal. */
  readonly spkiSha256: string;
}

/** Everything that was found out about one file. Members are there as far as verification came, verified or not. */
export interface VerificationReport {
  /** True where every check is ok. Nothing else in the report means anything without it. */
  readonly verified: boolean;
  readonly checks: readonly Check[];
  readonly format?: string;
  readonly coveredDigest?: CoveredDigest;
  /** What the client said about the file before it was signed, where the covered digest does not say it. Nobody checked it. */
  readonly claimed?: { readonly sha256: string; readonly size: number };
  readonly signer?: Signer;
  /** Time of the trusted timestamp, ISO 8601. */
  readonly timestamp?: string;
  /** Where the log has the act, and its ISO 8601 time. */
  readonly log?: { readonly origin: string; readonly index: number; readonly time: string };
  /** Where the file came from, as the server wrote from verified claims. */
  readonly origin?: ProvenanceOrigin;
  /** How the token of the CI platform was tied to the request. */
  readonly binding?: ProvenanceRequest['binding'];
  readonly requestId?: string;
  readonly project?: string;
  readonly policy?: string;
}
