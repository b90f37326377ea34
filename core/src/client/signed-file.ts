import type { CoveredDigest } from '../attestation/covered-digest.ts';

/** One signed file. */
export interface SignedFile {
  /** Name in the attestation. */
  readonly name: string;
  /** Path of the file that was signed. */
  readonly input: string;
  /** Path of the signed file, or of the file beside which the signature lies. */
  readonly output: string;
  /** Path of the detached signature, for formats that write one. */
  readonly signaturePath?: string;
  readonly format: string;
  readonly coveredDigest: CoveredDigest;
  readonly key: { readonly label: string; readonly type: string };
  /** Time of the RFC 3161 timestamp, ISO 8601. */
  readonly timestamp?: string;
}
