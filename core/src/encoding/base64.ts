import { OriginSignError } from '../errors/error.ts';

type Alphabet = 'base64' | 'base64url';

function encode(bytes: Uint8Array, alphabet: Alphabet): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(alphabet);
}

/**
 * Decodes and encodes again: Node skips characters that it does not know and ignores the unused bits of the last one,
 * so that sixteen spellings would stand for the same bytes and one token could be shown as sixteen.
 */
function decode(text: string, alphabet: Alphabet): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, alphabet));
  if (encode(bytes, alphabet) !== text) {
    throw new OriginSignError('encoding.base64', `Expected canonical ${alphabet}.`);
  }
  return bytes;
}

/** RFC 4648 section 4, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, 'base64');
}

/** RFC 4648 section 4, padded and canonical; throws `encoding.base64`. */
export function decodeBase64(text: string): Uint8Array {
  return decode(text, 'base64');
}

/** RFC 4648 section 5, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return encode(bytes, 'base64url');
}

/** RFC 4648 section 5, without padding and canonical; throws `encoding.base64`. */
export function decodeBase64url(text: string): Uint8Array {
  return decode(text, 'base64url');
}
