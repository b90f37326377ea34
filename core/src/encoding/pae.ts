import { concatBytes, utf8 } from './bytes.ts';

/** DSSE pre-authentication encoding: the bytes that a DSSE signature covers. Lengths count bytes, not characters. Source: DSSE v1.0.2 protocol.md. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}
