import type { KeyPurpose } from '@originsign/core/formats/purpose';
import { FORMATS } from '@originsign/core/formats/registry';
import type { KeyType } from '@originsign/core/x509/key-type';

/** Types of key that can serve a purpose; the first is what is generated where nobody says. */
export type PurposeTypes = readonly [KeyType, ...KeyType[]];

/** Default of each family of formats: what most verifiers of its files take. */
const ARTIFACT_DEFAULTS: Readonly<Partial<Record<KeyPurpose, KeyType>>> = {
  authenticode: 'rsa-3072',
  cms: 'rsa-3072',
  raw: 'p-256',
};

const INTERNAL: Readonly<Partial<Record<KeyPurpose, PurposeTypes>>> = {
  // Go's note package and public witnesses read Ed25519 alone.
  log: ['ed25519', 'p-256'],
  provenance: ['p-256'],
  canary: ['p-256', 'ed25519', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'p-384'],
  ca: ['p-256', 'rsa-3072', 'rsa-4096'],
};

/** The types that a purpose can use, or `undefined` where this version has no use for keys of that purpose. */
export function keyTypesFor(purpose: KeyPurpose): PurposeTypes | undefined {
  const internal = INTERNAL[purpose];
  if (internal !== undefined) return internal;
  const first = ARTIFACT_DEFAULTS[purpose];
  if (first === undefined) return undefined;
  const formats = Object.values(FORMATS).filter((format) => format.purpose === purpose);
  const types = new Set(formats.flatMap((format) => format.keyTypes));
  types.delete(first);
  return [first, ...types];
}
