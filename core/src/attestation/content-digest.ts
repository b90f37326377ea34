import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';

/** Value of the `Content-Digest` field for a body, one sha-256 entry. A call without a body carries the digest of zero bytes. RFC 9530 section 2. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${encodeBase64(sha256(body))}:`;
}

/** True where the field is exactly one canonical sha-256 entry and fits the body. Other algorithms, parameters and lists are refused. */
export function matchesContentDigest(field: string, body: Uint8Array): boolean {
  const match = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(field);
  if (match?.[1] === undefined) return false;
  try {
    return equalBytes(decodeBase64(match[1]), sha256(body));
  } catch {
    return false;
  }
}
