import { canonicalJson, type Json } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { utf8 } from '@originsign/core/encoding/bytes';

/** SHA-256 over canonical JSON: how entries of the log name documents that are too large or too private for them. */
export function jsonHash(value: object): string {
  return sha256Hex(utf8(canonicalJson(value as Json)));
}
