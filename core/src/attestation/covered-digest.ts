import { OriginSignError } from '../errors/error.ts';

/** What a row of the table says about one kind of covered digest. */
interface CoveredDigestKind {
  /** Length of the value in hexadecimal characters. */
  readonly hexLength: number;
  /** One plain sentence for people who meet the name in a statement. */
  readonly description: string;
}

/**
 * The digests that a signature can cover. `sha256` stands only for the digest of the whole file; a format whose signature
 * covers something else names its digest after itself, so that the two can never be mistaken for each other.
 */
export const COVERED_DIGESTS = {
  sha256: { hexLength: 64, description: 'SHA-256 of the whole file.' },
  blake2b512: { hexLength: 128, description: 'BLAKE2b of 64 bytes of the whole file.' },
  linuxModuleSha256: { hexLength: 64, description: 'SHA-256 of a kernel module without its signature.' },
  authenticodeSha256: {
    hexLength: 64,
    description: 'SHA-256 that Authenticode takes of a file: without the signature and the fields that it changes.',
  },
} as const satisfies Record<string, CoveredDigestKind>;

/** Name of a covered digest as it stands in a statement. */
export type CoveredDigestName = keyof typeof COVERED_DIGESTS;

/** The digest that a signature really covers. */
export interface CoveredDigest {
  readonly algorithm: CoveredDigestName;
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/** True where the text names a covered digest. */
export function isCoveredDigestName(text: string): text is CoveredDigestName {
  return Object.hasOwn(COVERED_DIGESTS, text);
}

/**
 * Reads an in-toto digest map (`{"sha256": "<hex>"}`) that must hold exactly one known digest. Throws `statement.digest`:
 * two digests in one map could be of two files, and the weaker or the unchecked one would decide what people believe.
 */
export function parseCoveredDigest(map: unknown): CoveredDigest {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw digestError('a digest must be an object');
  const entries = Object.entries(map);
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) throw digestError('a subject has exactly one digest');
  const [algorithm, value] = entry as [string, unknown];
  if (!isCoveredDigestName(algorithm)) throw digestError('the digest algorithm is not one that a signature covers');
  if (!isDigestValue(algorithm, value)) {
    throw digestError(`${algorithm} takes ${COVERED_DIGESTS[algorithm].hexLength} lower-case hexadecimal characters`);
  }
  return { algorithm, value };
}

/** The covered digest as an in-toto digest map. */
export function digestMap(digest: CoveredDigest): { readonly [algorithm: string]: string } {
  return { [digest.algorithm]: digest.value };
}

/** True where both are the same digest of the same kind. */
export function equalCoveredDigests(left: CoveredDigest, right: CoveredDigest): boolean {
  return left.algorithm === right.algorithm && left.value === right.value;
}

function isDigestValue(algorithm: CoveredDigestName, value: unknown): value is string {
  return (
    typeof value === 'string' && value.length === COVERED_DIGESTS[algorithm].hexLength && /^[0-9a-f]+$/.test(value)
  );
}

function digestError(what: string): OriginSignError {
  return new OriginSignError('statement.digest', `The digest is not accepted: ${what}.`);
}
