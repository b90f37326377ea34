import type { FastifyRequest } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';

/** What a request signature covers, as it arrived, and the URL that we know ourselves to have. */
export interface SignedCall {
  readonly method: string;
  /** The configured public URL and the path that was asked for; the `Host` header has no say in it. */
  readonly targetUri: string;
  readonly body: Uint8Array;
  readonly headers: {
    readonly contentDigest: string | undefined;
    readonly signatureInput: string | undefined;
    readonly signature: string | undefined;
  };
}

const NOTHING = new Uint8Array();

/** Takes the signed parts out of a request. Throws `request.malformed` for an absolute or otherwise odd target. */
export function signedCall(request: FastifyRequest, serverUrl: string): SignedCall {
  const target = request.raw.url ?? '';
  if (!/^\/[\x21-\x7e]*$/.test(target)) {
    throw new OriginSignError('request.malformed', 'The request target must be a path.');
  }
  return {
    method: request.method,
    targetUri: serverUrl + target,
    body: request.body instanceof Uint8Array ? request.body : NOTHING,
    headers: {
      contentDigest: singleHeader(request, 'content-digest'),
      signatureInput: singleHeader(request, 'signature-input'),
      signature: singleHeader(request, 'signature'),
    },
  };
}

function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
