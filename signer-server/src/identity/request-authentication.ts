import {
  parseEnvelope,
  STATEMENT_PAYLOAD_TYPE,
  envelopePayload,
  verifyEnvelope,
} from '@originsign/core/attestation/dsse';
import {
  importOneUseKey,
  isEs256Signature,
  jwkThumbprint,
  type OneUseJwk,
} from '@originsign/core/attestation/one-use-key';
import { requestId } from '@originsign/core/attestation/request-id';
import { verifyRequestSignature, type ReceivedSignatureFields } from '@originsign/core/attestation/request-signature';
import { parseSigningRequest, type SigningRequestStatement } from '@originsign/core/attestation/statement';
import { OriginSignError } from '@originsign/core/errors/error';
import type { PresentedCertificate } from './client-certificate.ts';

/** A call as it arrived. */
export interface ReceivedCall {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
  /** Exact bytes of the body, empty where there is none. */
  readonly body: Uint8Array;
  readonly signature: ReceivedSignatureFields;
  /** Address of the other end of the connection, which behind a proxy is the proxy's. */
  readonly remoteAddress?: string;
  /** Client certificate that came with it, not checked yet. */
  readonly certificate?: PresentedCertificate;
}

/** A signing request that comes from the holder of its own one-use key. */
export interface AuthenticatedRequest {
  readonly id: string;
  /** Exact payload bytes. */
  readonly payload: Uint8Array;
  readonly statement: SigningRequestStatement;
  readonly keyThumbprint: string;
}

/**
 * Verifies a submitted attestation and the call that carries it: the envelope's signature and the HTTP message signature are
 * both by the one-use key that the statement names, and the statement is for this server. `url` is the server's configured
 * public URL; a forged `Host` has no effect, because nothing reads it. Throws `envelope.*`, `statement.*`, `json.*`,
 * `request.too_large`, `request.signature` or `request.clock`.
 */
export function authenticateRequest(
  call: ReceivedCall,
  envelope: unknown,
  context: { readonly url: string; readonly now: Date },
): AuthenticatedRequest {
  const parsed = parseEnvelope(envelope);
  if (parsed.payloadType !== STATEMENT_PAYLOAD_TYPE) {
    throw new OriginSignError('envelope.payload_type', `The envelope does not carry ${STATEMENT_PAYLOAD_TYPE}.`);
  }
  const statement = parseSigningRequest(envelopePayload(parsed));
  const publicKey = importOneUseKey(statement.key);
  const payload = verifyEnvelope(parsed, STATEMENT_PAYLOAD_TYPE, (encoding, signature) =>
    isEs256Signature(publicKey, encoding, signature),
  );
  if (statement.server !== context.url) {
    throw new OriginSignError('statement.server', 'The statement names another server.', {
      details: { expected: context.url },
    });
  }
  authenticateCall(call, statement.key, context);
  return { id: requestId(payload), payload, statement, keyThumbprint: jwkThumbprint(statement.key) };
}

/** Verifies that a call comes from the holder of the key. Throws `request.signature` or `request.clock`. */
export function authenticateCall(
  call: ReceivedCall,
  key: OneUseJwk,
  context: { readonly url: string; readonly now: Date },
): void {
  verifyRequestSignature({
    method: call.method,
    targetUri: `${context.url}${call.path}`,
    body: call.body,
    headers: call.signature,
    publicKey: importOneUseKey(key),
    keyId: jwkThumbprint(key),
    now: context.now,
  });
}
