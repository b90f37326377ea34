import { createHash } from 'node:crypto';
import { concatBytes } from '@originsign/core/encoding/bytes';
import { derInteger, derOid, derSequence } from '@originsign/core/encoding/der';
import { OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';
import { Oid } from '@originsign/core/x509/oids';
import { canSign, sha256DigestInfo, type ToBeSigned } from '@originsign/core/x509/signature';

/** How one type of key is made and used over PKCS#11. */
export interface KeyMechanism {
  /** Mechanism that generates a key pair. */
  readonly generation: number;
  /** What the public key must be: bits of the modulus, or DER of CKA_EC_PARAMS. */
  readonly parameters: { readonly modulusBits: number } | { readonly curve: Uint8Array };
  /** Mechanism that signs; none of them hashes, so that the bytes on the wire are the same for every token. */
  readonly signing: number;
  /** Longest signature as the token returns it, in bytes. */
  readonly signatureLength: number;
  /** True where signing is so slow even in memory that it belongs on a pool thread. */
  readonly slow: boolean;
  /** The bytes that the token signs. */
  input(toBeSigned: ToBeSigned): Uint8Array;
  /** The signature value made of what the token returned. */
  output(raw: Uint8Array): Uint8Array;
}

// PKCS#11 3.0 section 6 (pkcs11t.h)
const CKM_RSA_PKCS_KEY_PAIR_GEN = 0x0000;
const CKM_RSA_PKCS = 0x0001;
const CKM_EC_KEY_PAIR_GEN = 0x1040;
const CKM_ECDSA = 0x1041;
const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
const CKM_EDDSA = 0x1057;

/** PrintableString "edwards25519", the curve name that PKCS#11 3.0 section 6.3.5 asks for. */
const EDWARDS25519 = Uint8Array.of(0x13, 0x0c, ...Buffer.from('edwards25519'));

/** The one table: everything that depends on the type of a key. */
export const KEY_MECHANISMS: Readonly<Record<KeyType, KeyMechanism>> = {
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
  'rsa-4096': rsa(4096),
  'p-256': ecdsa(Oid.p256, 'sha256', 32, false),
  'p-384': ecdsa(Oid.p384, 'sha384', 48, true),
  ed25519: {
    generation: CKM_EC_EDWARDS_KEY_PAIR_GEN,
    parameters: { curve: EDWARDS25519 },
    signing: CKM_EDDSA,
    signatureLength: 64,
    slow: false,
    input: messageOf,
    output: (raw) => exactly(raw, 64),
  },
};

/** Bytes for the token, or `format.key_type` where a key of this type cannot sign what is to be signed. */
export function mechanismInput(type: KeyType, toBeSigned: ToBeSigned): Uint8Array {
  if (canSign(type, toBeSigned)) return KEY_MECHANISMS[type].input(toBeSigned);
  throw new OriginSignError('format.key_type', `A key of the type ${type} signs messages, not their SHA-256.`);
}

function rsa(modulusBits: number): KeyMechanism {
  return {
    generation: CKM_RSA_PKCS_KEY_PAIR_GEN,
    parameters: { modulusBits },
    signing: CKM_RSA_PKCS,
    signatureLength: modulusBits / 8,
    slow: true,
    input: (toBeSigned) => sha256DigestInfo(digestOf(toBeSigned, 'sha256')),
    output: (raw) => exactly(raw, modulusBits / 8),
  };
}

function ecdsa(curve: string, digest: 'sha256' | 'sha384', fieldLength: number, slow: boolean): KeyMechanism {
  return {
    generation: CKM_EC_KEY_PAIR_GEN,
    parameters: { curve: derOid(curve) },
    signing: CKM_ECDSA,
    signatureLength: 2 * fieldLength,
    slow,
    input: (toBeSigned) => digestOf(toBeSigned, digest),
    output: (raw) => {
      const both = exactly(raw, 2 * fieldLength);
      // PKCS#11 returns r and s side by side, certificates and CMS carry Ecdsa-Sig-Value.
      return derSequence(derInteger(both.subarray(0, fieldLength)), derInteger(both.subarray(fieldLength)));
    },
  };
}

function digestOf(toBeSigned: ToBeSigned, algorithm: 'sha256' | 'sha384'): Uint8Array {
  if (toBeSigned.kind === 'digest') return toBeSigned.digest;
  return new Uint8Array(createHash(algorithm).update(toBeSigned.bytes).digest());
}

function messageOf(toBeSigned: ToBeSigned): Uint8Array {
  if (toBeSigned.kind === 'message') return toBeSigned.bytes;
  throw new TypeError('Ed25519 signs messages.');
}

function exactly(raw: Uint8Array, length: number): Uint8Array {
  if (raw.length === length) return concatBytes(raw);
  throw new OriginSignError(
    'hsm.failed',
    `The token returned a signature of ${raw.length} bytes instead of ${length}.`,
  );
}
