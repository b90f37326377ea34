import type { SshPublicKey } from '../attestation/ssh-public-key.ts';
import { encodeHex } from '../encoding/hex.ts';

/** A span of time; either end may be open. From the first moment on, and until right before the second. */
export interface Validity {
  readonly validFrom?: Date;
  readonly validUntil?: Date;
}

/** A key with which a person approves. */
export interface RosterKey extends Validity {
  readonly key: SshPublicKey;
}

/** Who somebody is on a platform, by the immutable id there. */
export interface PlatformIdentity {
  /** Id of the trusted build system. */
  readonly system: string;
  readonly actorId: string;
}

/** Somebody who may be asked. */
export interface Person extends Validity {
  /** What policies call `user:<id>`. */
  readonly id: string;
  readonly name?: string;
  /** What policies call `group:<name>`. */
  readonly groups: readonly string[];
  readonly keys: readonly RosterKey[];
  readonly identities: readonly PlatformIdentity[];
}

/** The people of a server: `admins.yml`. */
export interface Roster {
  readonly people: readonly Person[];
  /** SHA-256 of the bytes of the file, lower-case hexadecimal. */
  readonly hash: string;
}

/** True where the moment lies in the span. */
export function isValidAt({ validFrom, validUntil }: Validity, at: Date): boolean {
  return (validFrom === undefined || at >= validFrom) && (validUntil === undefined || at < validUntil);
}

/** The person whose key it is, where both are valid at that time. */
export function personByKey({ people }: Roster, { blob }: SshPublicKey, at: Date): Person | undefined {
  const wanted = encodeHex(blob);
  const holds = ({ key, ...validity }: RosterKey): boolean => encodeHex(key.blob) === wanted && isValidAt(validity, at);
  return people.find((person) => isValidAt(person, at) && person.keys.some(holds));
}

/** The person behind an account of a platform, valid or not: who has left is still the same person. */
export function personByIdentity({ people }: Roster, system: string, actorId: string): Person | undefined {
  return people.find(({ identities }) => identities.some((id) => id.system === system && id.actorId === actorId));
}

/** True where one of `group:name` and `user:id` means the person. */
export function isAmong(person: Person, principals: readonly string[]): boolean {
  const own = new Set([`user:${person.id}`, ...person.groups.map((group) => `group:${group}`)]);
  return principals.some((principal) => own.has(principal));
}
