import type { FastifyRequest } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import type { ReceivedCall } from '../identity/request-authentication.ts';

const NOTHING = new Uint8Array();

/**
 * Takes out of a request what its signature covers, and where it came from. Throws `request.malformed` for a target that is not
 * a plain path, and `certificate.forwarded`.
 */
export function receivedCall(request: FastifyRequest): ReceivedCall {
  const path = request.raw.url ?? '';
  // An absolute target would let the client choose the authority that the signature is checked against.
  if (!/^\/[\x21-\x7e]*$/.test(path)) {
    throw new OriginSignError('request.malformed', 'The request target must be a path.');
  }
  const certificate = request.presentedCertificate();
  const { remoteAddress } = request.raw.socket;
  return {
    method: request.method,
    path,
    body: request.body instanceof Uint8Array ? request.body : NOTHING,
    signature: {
      contentDigest: singleHeader(request, 'content-digest'),
      signatureInput: singleHeader(request, 'signature-input'),
      signature: singleHeader(request, 'signature'),
    },
    ...(certificate === undefined ? {} : { certificate }),
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
  };
}

function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
