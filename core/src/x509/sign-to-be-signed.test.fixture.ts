import { constants, privateEncrypt } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import type { TestKey } from '@originsign/testkit/test-authority';
import { sha256DigestInfo, type ToBeSigned } from './signature.ts';

/** Signs as an HSM does: a message, or a digest as it is. */
export function signToBeSigned(key: TestKey, toBeSigned: ToBeSigned): Uint8Array {
  if (toBeSigned.kind === 'message') return key.sign(toBeSigned.bytes);
  if (key.type === 'p-256') {
    const secret = Buffer.from(key.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    return p256.sign(toBeSigned.digest, secret, { prehash: false }).toBytes('der');
  }
  const padding = constants.RSA_PKCS1_PADDING;
  return privateEncrypt({ key: key.privateKey, padding }, sha256DigestInfo(toBeSigned.digest));
}
