import { sha256Hex } from '../encoding/sha256.ts';
import { envelopePayload, type Envelope } from './dsse.ts';

/**
 * What a RESULT entry says as `provenanceSha256`: the SHA-256 of the statement, lower-case hexadecimal. The signature around it
 * is left out, because one ECDSA signature can be respelt, and because a bundle survives being formatted again.
 */
export function provenanceSha256(envelope: Envelope): string {
  return sha256Hex(envelopePayload(envelope));
}
