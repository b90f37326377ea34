import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { ToBeSigned } from '@originsign/core/x509/signature';
import type { StoredKey } from './stored-key.ts';

/** The HSM as use cases see it: signature values in the conventions of their key types. Throws `hsm.*`. */
export interface SigningHsm {
  sign(key: StoredKey, toBeSigned: ToBeSigned): Promise<Uint8Array>;
}

/** A pool of timestamp authorities. Throws `timestamp.*`. */
export interface Timestamper {
  /** RFC 3161 token over a signature value. */
  timestamp(signature: Uint8Array): Promise<{ readonly token: Uint8Array; readonly time: Date }>;
}

/** The API of a platform, asked about one run. Throws `connector.*`. */
export interface OriginConnector {
  /** Claims under the prefix of the platform. */
  lookUp(question: { readonly claims: Claims; readonly issuedAt: Date; readonly issuer: string }): Promise<Claims>;
}

/** Where events for operators go. Nothing secret may be given to it. */
export interface Journal {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
