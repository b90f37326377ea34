import type { KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';
import { contentDigest, matchesContentDigest } from './content-digest.ts';
import { isEs256Signature, signEs256 } from './one-use-key.ts';

/** Seconds by which `created` may differ from the clock of the server, in both directions. */
export const MAX_CLOCK_DIFFERENCE = 300;

const COMPONENTS = '("@method" "@target-uri" "content-digest")';
/** The one spelling of the signature parameters: other components, parameters, order, labels or lists do not match. */
const SIGNATURE_INPUT =
  /^originsign=(\("@method" "@target-uri" "content-digest"\);created=(0|[1-9][0-9]{0,11});keyid="([A-Za-z0-9_-]{43})")$/;
const SIGNATURE = /^originsign=:([A-Za-z0-9+/]{86}==):$/;

/** The request that is signed. */
export interface SignedMessage {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Absolute URL, from the configuration and never from a `Host` field. */
  readonly targetUri: string;
  /** Empty for a call without a body. */
  readonly body: Uint8Array;
}

/** What a client adds to its request; the names are those of HTTP fields. */
export interface RequestSignatureFields {
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}

/** What a server found in the request, before any check. */
export interface ReceivedSignatureFields {
  readonly contentDigest: string | undefined;
  readonly signatureInput: string | undefined;
  readonly signature: string | undefined;
}

/** Signs one request. `created` is in seconds since 1970, `keyId` the thumbprint of the key. RFC 9421 section 3.1. */
export function signRequest(
  input: SignedMessage & { readonly created: number; readonly key: KeyObject; readonly keyId: string },
): RequestSignatureFields {
  const digest = contentDigest(input.body);
  const parameters = `${COMPONENTS};created=${input.created};keyid="${input.keyId}"`;
  const signatureInput = `originsign=${parameters}`;
  if (!SIGNATURE_INPUT.test(signatureInput) || !isSignable(input)) {
    throw new TypeError('A request signature needs an absolute ASCII URL, whole seconds and a key thumbprint.');
  }
  const signature = signEs256(input.key, signatureBase(input, digest, parameters));
  return {
    'content-digest': digest,
    'signature-input': signatureInput,
    signature: `originsign=:${encodeBase64(signature)}:`,
  };
}

/**
 * Verifies the signature of one request under the key that the request must come from. Throws `request.signature` for a
 * missing field, anything outside the profile, another key, an edited body, method or URL; `request.clock` where the
 * signature is good and `created` is more than five minutes away from `now`. RFC 9421 section 3.2.
 */
export function verifyRequestSignature(
  input: SignedMessage & {
    readonly headers: ReceivedSignatureFields;
    readonly publicKey: KeyObject;
    readonly keyId: string;
    readonly now: Date;
  },
): void {
  const { headers } = input;
  if (headers.contentDigest === undefined || headers.signatureInput === undefined || headers.signature === undefined) {
    throw refused('a field of the signature is missing');
  }
  const { parameters, created, keyId } = parseSignatureInput(headers.signatureInput);
  if (keyId !== input.keyId) throw refused('it names another key');
  if (!isSignable(input)) throw refused('the method or URL cannot be signed');
  if (!matchesContentDigest(headers.contentDigest, input.body))
    throw refused('the content digest does not fit the body');
  const base = signatureBase(input, headers.contentDigest, parameters);
  if (!isEs256Signature(input.publicKey, base, parseSignature(headers.signature))) throw refused('it does not verify');
  checkClock(created, input.now);
}

function parseSignatureInput(field: string): { parameters: string; created: number; keyId: string } {
  const [, parameters, created, keyId] = SIGNATURE_INPUT.exec(field) ?? [];
  if (parameters === undefined || created === undefined || keyId === undefined) {
    throw refused('its parameters are not those of the OriginSign profile');
  }
  return { parameters, created: Number(created), keyId };
}

function parseSignature(field: string): Uint8Array {
  const value = SIGNATURE.exec(field)?.[1];
  if (value === undefined) throw refused('the signature field does not have the documented form');
  try {
    return decodeBase64(value);
  } catch {
    throw refused('the signature field is not canonical base64');
  }
}

function checkClock(created: number, now: Date): void {
  const difference = created - now.getTime() / 1000;
  if (Math.abs(difference) <= MAX_CLOCK_DIFFERENCE) return;
  throw new OriginSignError(
    'request.clock',
    `The request signature was made ${Math.round(Math.abs(difference))} s ${difference > 0 ? 'in the future' : 'ago'}.`,
    { details: { created, serverTime: Math.floor(now.getTime() / 1000), allowedDifference: MAX_CLOCK_DIFFERENCE } },
  );
}

/** A line break in a component would let one signed line be read as two. */
function isSignable({ method, targetUri }: SignedMessage): boolean {
  return /^[A-Z]{1,16}$/.test(method) && /^https?:\/\/[\x21-\x7e]+$/.test(targetUri);
}

/** RFC 9421 section 2.5. */
function signatureBase(message: SignedMessage, digest: string, parameters: string): Uint8Array {
  return utf8(
    [
      `"@method": ${message.method}`,
      `"@target-uri": ${message.targetUri}`,
      `"content-digest": ${digest}`,
      `"@signature-params": ${parameters}`,
    ].join('\n'),
  );
}

function refused(what: string): OriginSignError {
  return new OriginSignError('request.signature', `The request signature is refused: ${what}.`);
}
