import type { KeyPurpose } from '@originsign/core/formats/purpose';
import type { KeyType } from '@originsign/core/x509/key-type';

/** A key of the HSM as the store remembers it. Its private half never leaves the token. */
export interface StoredKey {
  readonly label: string;
  readonly purpose: KeyPurpose;
  readonly type: KeyType;
  /** Name of the token in the configuration. */
  readonly token: string;
  /** `CKA_ID` on the token. */
  readonly id: Uint8Array;
  readonly spki: Uint8Array;
  /** DER, leaf first; empty for keys without a certificate. */
  readonly certificates: readonly Uint8Array[];
  readonly createdAt: Date;
  readonly trial: boolean;
}
