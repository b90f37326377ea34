import { encodeBase64url } from '../encoding/base64.ts';
import { sha256 } from '../encoding/sha256.ts';

/** 256 bits in base64url: 42 whole characters and one of which only the upper four bits are used. */
const REQUEST_ID = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Id of a signing request: base64url(SHA-256) of the exact payload bytes, 43 characters. */
export function requestId(payload: Uint8Array): string {
  return encodeBase64url(sha256(payload));
}

/** The first 12 characters: what people are shown and what file names carry. Never used for looking anything up. */
export function shortRequestId(id: string): string {
  return id.slice(0, 12);
}

/** True where the text is a request id in its one canonical spelling. */
export function isRequestId(text: string): boolean {
  return REQUEST_ID.test(text);
}
