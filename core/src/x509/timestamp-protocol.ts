import { derBoolean, derInteger, derOctetString, derSequence, Tag } from '../encoding/der.ts';
import { readDer, sequenceCursor, smallInteger } from '../encoding/der-reader.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { encodeSha256Algorithm } from './signature-algorithm.ts';

/** Media types of RFC 3161 section 3.4. */
export const TIMESTAMP_QUERY = 'application/timestamp-query';
export const TIMESTAMP_REPLY = 'application/timestamp-reply';

/**
 * DER TimeStampReq (RFC 3161 section 2.4.1) for the SHA-256 of what is to be timestamped, with a nonce of 8 random bytes or more;
 * asks for the authority's certificates.
 */
export function encodeTimestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (digest.length !== 32 || nonce.length < 8)
    throw new TypeError('A request needs a SHA-256 and a nonce of 8 bytes.');
  const imprint = derSequence(encodeSha256Algorithm(), derOctetString(digest));
  return derSequence(derInteger(1), imprint, derInteger(nonce), derBoolean(true));
}

/** DER TimeStampResp that grants this token: the form in which Sigstore bundles carry it. */
export function encodeTimestampResponse(token: Uint8Array): Uint8Array {
  return derSequence(derSequence(derInteger(0)), token);
}

/**
 * The token in a DER TimeStampResp (RFC 3161 section 2.4.2), not yet checked. Throws `timestamp.invalid` where the authority refused
 * or the answer is no such structure.
 */
export function parseTimestampResponse(bytes: Uint8Array): Uint8Array {
  try {
    const response = sequenceCursor(readDer(bytes));
    const status = smallInteger(sequenceCursor(response.take()).take());
    const token = response.takeIf(Tag.sequence);
    response.end();
    if (status > 1) throw invalid(`refused the request with status ${status}`);
    if (token === undefined) throw invalid('sent no token');
    return token.raw;
  } catch (error) {
    if (!isOriginSignError(error, 'der.malformed')) throw error;
    throw invalid('did not answer with a timestamp response', error);
  }
}

function invalid(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('timestamp.invalid', `The timestamp authority ${what}.`, { cause });
}
