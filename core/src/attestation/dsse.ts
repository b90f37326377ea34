import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { preAuthenticationEncoding } from '../encoding/pae.ts';
import { OriginSignError } from '../errors/error.ts';
import { shapeReader } from './shape.ts';

/** Payload type of every in-toto statement. */
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** One signature over the pre-authentication encoding. */
export interface EnvelopeSignature {
  /** A hint which key it is; it decides nothing. */
  readonly keyid?: string;
  /** Base64. */
  readonly sig: string;
}

/** DSSE v1.0 envelope with exactly one signature. Binary members are padded base64 (RFC 4648 section 4), nothing else. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly [EnvelopeSignature];
}

const shape = shapeReader('envelope.malformed', 'DSSE envelope');

/** Signs the pre-authentication encoding of the payload with the given function and wraps both. */
export async function signEnvelope(
  payloadType: string,
  payload: Uint8Array,
  keyid: string | undefined,
  sign: (encoding: Uint8Array) => Promise<Uint8Array>,
): Promise<Envelope> {
  const sig = encodeBase64(await sign(preAuthenticationEncoding(payloadType, payload)));
  return {
    payloadType,
    payload: encodeBase64(payload),
    signatures: [keyid === undefined ? { sig } : { keyid, sig }],
  };
}

/** Reads an envelope from parsed JSON. Throws `envelope.malformed`; two signatures are refused, because one of them decides. */
export function parseEnvelope(value: unknown): Envelope {
  const object = shape.object(value, 'envelope', ['payloadType', 'payload', 'signatures']);
  const [signature] = shape.list(object['signatures'], 'envelope.signatures', 1, 1);
  return {
    payloadType: shape.text(object['payloadType'], 'envelope.payloadType', /^[\x21-\x7e]{1,255}$/),
    payload: base64Text(object['payload'], 'envelope.payload'),
    signatures: [parseSignature(signature)],
  };
}

function parseSignature(value: unknown): EnvelopeSignature {
  const path = 'envelope.signatures.0';
  const object = shape.object(value, path, ['sig'], ['keyid']);
  const sig = base64Text(object['sig'], `${path}.sig`);
  if (sig === '') throw shape.fail(`${path}.sig`, 'the signature is empty');
  if (object['keyid'] === undefined) return { sig };
  return { keyid: shape.text(object['keyid'], `${path}.keyid`, /^[\x20-\x7e]{0,255}$/), sig };
}

function base64Text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw shape.fail(path, 'expected base64');
  try {
    decodeBase64(value);
  } catch {
    throw shape.fail(path, 'expected canonical base64');
  }
  return value;
}

/** The payload bytes, unverified. */
export function envelopePayload(envelope: Envelope): Uint8Array {
  return decodeBase64(envelope.payload);
}

/** The bytes of the one signature. */
export function envelopeSignature(envelope: Envelope): Uint8Array {
  return decodeBase64(envelope.signatures[0].sig);
}

/**
 * Verifies the envelope and gives back the payload bytes that were verified: use these, never a second decoding. Throws
 * `envelope.payload_type` before any key is used where the type is another one, `envelope.signature` where `verify` says no.
 */
export function verifyEnvelope(
  envelope: Envelope,
  expectedType: string,
  verify: (encoding: Uint8Array, signature: Uint8Array) => boolean,
): Uint8Array {
  if (envelope.payloadType !== expectedType) {
    throw new OriginSignError('envelope.payload_type', `The envelope does not carry ${expectedType}.`);
  }
  const payload = envelopePayload(envelope);
  if (!verify(preAuthenticationEncoding(envelope.payloadType, payload), envelopeSignature(envelope))) {
    throw new OriginSignError('envelope.signature', 'The signature of the envelope does not verify.');
  }
  return payload;
}
