import { isErrorCode } from '@originsign/core/errors/codes';
import { OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';

/** How a signer process opens its token. The PIN travels in this message alone: argv and environment of a process can be read. */
export interface OpenMessage {
  readonly kind: 'open';
  readonly module: string;
  readonly serial: string;
  readonly userType: 'user' | number;
  readonly pin: string;
  readonly sessions: number;
}

/** Makes a new token in a free slot of a module; the process ends afterwards. */
export interface InitialiseMessage {
  readonly kind: 'initialise';
  readonly module: string;
  readonly label: string;
  readonly securityOfficerPin: string;
  readonly pin: string;
}

/** One thing to do on the open token. */
export type Operation =
  | { readonly name: 'sign'; readonly key: KeyReference; readonly data: Uint8Array }
  | { readonly name: 'find'; readonly label: string }
  | { readonly name: 'generate'; readonly key: KeyReference }
  | { readonly name: 'check' };

/** A key by the names that it has on the token, and the type that it must have. */
export interface KeyReference {
  readonly label: string;
  readonly id: Uint8Array;
  readonly type: KeyType;
}

/** A key as found on the token; `spki` is a DER SubjectPublicKeyInfo. */
export interface FoundKey {
  readonly id: Uint8Array;
  readonly type: KeyType;
  readonly spki: Uint8Array;
}

/** An operation with the number that its result carries. */
export interface Call {
  readonly id: number;
  readonly operation: Operation;
}

/** An error in the form that crosses the process boundary: no stack, no cause. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The outcome of one call. */
export type CallResult =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: WireError };

/** What the server tells a signer process. Calls come in batches, since each message costs more than a fast signature. */
export type ToSigner =
  | OpenMessage
  | InitialiseMessage
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  | { readonly kind: 'close' };

/** What a signer process tells the server. */
export type FromSigner =
  | { readonly kind: 'hello' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'initialised'; readonly serial: string }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'results'; readonly results: readonly CallResult[] };

/** The error without what must not leave the process. */
export function encodeError(error: OriginSignError): WireError {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

/** The error again, on the other side. */
export function decodeError(error: WireError): OriginSignError {
  return new OriginSignError(isErrorCode(error.code) ? error.code : 'hsm.failed', error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}
