import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import type { SshPublicKey } from '../attestation/ssh-public-key.ts';
import { parseSshSignature, verifySshSignature } from '../attestation/sshsig.ts';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { OriginSignError } from '../errors/error.ts';

/** `type` of what an approver signs to read what waits for them. */
export const APPROVER_CALL_TYPE = 'https://originsign.dev/approver-call/v1';
/** Namespace of that signature: a call that was signed can never be shown as an approval. */
export const APPROVER_CALL_NAMESPACE = 'originsign-call';
/** Seconds by which `created` may differ from the clock of the server, in both directions. */
export const MAX_CALL_AGE = 120;

const FIELD = /^OriginSign-SSH created=(0|[1-9][0-9]{0,11}), signature="([A-Za-z0-9+/]{1,8192}={0,2})"$/;

/** A call without a body. */
export interface ApproverCall {
  readonly method: string;
  /** Absolute URL, from the configuration and never from a `Host` field. */
  readonly url: string;
}

/** The bytes that an approver signs. `created` is in seconds since 1970. */
export function approverCallMessage({ method, url }: ApproverCall, created: number): Uint8Array {
  return utf8(canonicalJson({ type: APPROVER_CALL_TYPE, created, method, url }));
}

/** Value of the `Authorization` field. */
export function formatApproverAuthorization(created: number, signature: Uint8Array): string {
  return `OriginSign-SSH created=${created}, signature="${encodeBase64(signature)}"`;
}

/**
 * Verifies who makes a call, and returns the key: whose it is the roster says. Throws `approval.call` for anything but a good
 * signature over exactly this call, `request.clock` where it is good and not of now.
 */
export function verifyApproverCall(call: ApproverCall, field: string | undefined, now: Date): SshPublicKey {
  const [, created, base64] = FIELD.exec(field ?? '') ?? [];
  if (created === undefined || base64 === undefined) throw refused();
  const key = verifiedKey(approverCallMessage(call, Number(created)), base64);
  const difference = Number(created) - now.getTime() / 1000;
  if (Math.abs(difference) > MAX_CALL_AGE) {
    throw new OriginSignError(
      'request.clock',
      `The call was signed ${Math.round(Math.abs(difference))} s away from now.`,
    );
  }
  return key;
}

function verifiedKey(message: Uint8Array, base64: string): SshPublicKey {
  try {
    const signature = parseSshSignature(decodeBase64(base64));
    verifySshSignature(signature, APPROVER_CALL_NAMESPACE, message);
    return signature.key;
  } catch (cause) {
    throw refused(cause);
  }
}

function refused(cause?: unknown): OriginSignError {
  return new OriginSignError('approval.call', 'The call is not signed by an SSH key for exactly this method and URL.', {
    cause,
  });
}
