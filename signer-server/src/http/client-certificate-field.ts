import type { IncomingHttpHeaders } from 'node:http';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { OriginSignError } from '@originsign/core/errors/error';
import { MAX_CERTIFICATE_BYTES, MAX_CHAIN, type PresentedCertificate } from '../identity/client-certificate.ts';

/** The fields by which a proxy forwards the certificate of its client. RFC 9440. */
const LEAF = 'client-cert';
const CHAIN = 'client-cert-chain';

/** Base64 of the largest certificate that is looked at. */
const MAX_ITEM = Math.ceil(MAX_CERTIFICATE_BYTES / 3) * 4;

/**
 * Refuses a request that carries a forwarded certificate where nobody may forward one: whoever sends it believes that it counts,
 * and a proxy that passes it on would make everybody's claim count. Throws `certificate.forwarded`.
 */
export function refuseForwardedCertificate(headers: IncomingHttpHeaders): void {
  const sent = [LEAF, CHAIN].find((name) => headers[name] !== undefined);
  if (sent !== undefined) throw forwarded(`This listener takes no ${sent} field`);
}

/**
 * The certificate that a proxy forwards, `undefined` where it forwards none (RFC 9440 section 2). Strict: one byte sequence
 * (RFC 8941 section 3.3.5) in canonical base64 without parameters, a chain only beside a certificate and not beginning with it.
 * Throws `certificate.forwarded`.
 */
export function readForwardedCertificate(headers: IncomingHttpHeaders): PresentedCertificate | undefined {
  const leafField = fieldOf(headers, LEAF);
  const chainField = fieldOf(headers, CHAIN);
  if (leafField === undefined) {
    if (chainField !== undefined) throw forwarded(`The field ${CHAIN} is there without ${LEAF}`);
    return undefined;
  }
  const items = chainField === undefined ? [] : chainField.split(/[ \t]*,[ \t]*/, MAX_CHAIN + 1);
  if (items.length > MAX_CHAIN) throw forwarded(`The field ${CHAIN} has more than ${MAX_CHAIN} certificates`);
  const leaf = readByteSequence(leafField, LEAF);
  return { leaf, chain: items.map((item) => readByteSequence(item, CHAIN)), via: 'proxy' };
}

/** Node joins repeated fields with a comma, which no single byte sequence has in it. */
function fieldOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (Array.isArray(value)) throw forwarded(`The field ${name} is there more than once`);
  return value;
}

function readByteSequence(text: string, name: string): Uint8Array {
  const [, base64] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text.trim()) ?? [];
  if (base64 === undefined || base64.length > MAX_ITEM) throw notByteSequence(name);
  try {
    return decodeBase64(base64);
  } catch (cause) {
    throw notByteSequence(name, cause);
  }
}

function notByteSequence(name: string, cause?: unknown): OriginSignError {
  return forwarded(`The field ${name} is not a byte sequence with a certificate of reasonable size`, cause);
}

function forwarded(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('certificate.forwarded', `${what}.`, { cause });
}
