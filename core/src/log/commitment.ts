import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { sha256Hex } from '../encoding/sha256.ts';

/** What of a request can be committed to. The name keeps two commitments under one salt apart. */
export type CommittedField = 'actor' | 'claims' | 'approver';

/** Bytes of a commitment salt. */
export const COMMITMENT_SALT_LENGTH = 16;

/**
 * Salted commitment to personal data, in hexadecimal: the log keeps the hash, the database keeps data and salt, and once the
 * salt is deleted nobody can tell whose data it was. The salt is not the one of the entry, which every reader of it knows.
 */
export function commitTo(field: CommittedField, salt: Uint8Array, value: string): string {
  if (salt.length !== COMMITMENT_SALT_LENGTH) throw new TypeError('A commitment salt has 16 bytes.');
  return sha256Hex(concatBytes(utf8(`originsign.dev/commitment/v1/${field}\n`), salt, utf8(value)));
}
