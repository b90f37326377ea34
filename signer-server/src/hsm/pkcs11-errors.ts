import type { ErrorCode } from '@originsign/core/errors/codes';
import { OriginSignError } from '@originsign/core/errors/error';

/** What a return value of a module means to the signer. */
interface Meaning {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly hint?: string;
}

const pin = (sentence: string, hint: string): Meaning => ({ code: 'hsm.configuration', sentence, hint });
const NEVER_AGAIN =
  'correct the PIN in the configuration; it is tried once only, because tokens lock after a few tries';

/** Return values that say more than "failed". Any other one is `hsm.failed` in a call and `hsm.unavailable` while opening. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  CKR_PIN_INCORRECT: pin('The token refused the PIN.', NEVER_AGAIN),
  CKR_PIN_INVALID: pin('The token refused the PIN.', NEVER_AGAIN),
  CKR_PIN_LEN_RANGE: pin('The token refused the length of the PIN.', NEVER_AGAIN),
  CKR_PIN_EXPIRED: pin('The PIN of the token has expired.', 'set a new PIN with the tools of the vendor'),
  CKR_PIN_LOCKED: pin('The token is locked.', 'unlock it with the tools of the vendor'),
  CKR_USER_TYPE_INVALID: pin('The token does not know the user type.', 'set userType as the vendor documents it'),
  CKR_MECHANISM_INVALID: {
    code: 'hsm.configuration',
    sentence: 'The token does not support the mechanism of this key type.',
  },
  CKR_CURVE_NOT_SUPPORTED: { code: 'hsm.configuration', sentence: 'The token does not support the curve.' },
  CKR_DEVICE_MEMORY: { code: 'hsm.configuration', sentence: 'The token is full.' },
};

/** Return values after which nothing in this process will work any more: a new one has to log in again. */
const FATAL: ReadonlySet<string> = new Set([
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
]);

/** Return values of a key handle that is not valid any more: the key has to be looked up again. */
const STALE_KEY: ReadonlySet<string> = new Set(['CKR_OBJECT_HANDLE_INVALID', 'CKR_KEY_HANDLE_INVALID']);

/** Return values of a login that must not be repeated by itself. */
const REFUSED_LOGIN: ReadonlySet<string> = new Set([
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_TYPE_INVALID',
]);

/** True where the token refused the login: another try with the same PIN could lock it. */
export function isRefusedLogin(error: OriginSignError): boolean {
  return REFUSED_LOGIN.has(String(error.details?.['returnValue']));
}

/** Name of the return value (`CKR_…`) that the addon puts into its errors. */
function returnValueName(error: unknown): string | undefined {
  return error instanceof Error ? /\bCKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
}

/** True where the process has to be replaced. */
export function isFatal(error: unknown): boolean {
  return FATAL.has(returnValueName(error) ?? '');
}

/** True where the handle of the key has to be looked up again. */
export function isStaleKey(error: unknown): boolean {
  return STALE_KEY.has(returnValueName(error) ?? '');
}

/** Error of ours for one of the addon, which carries nothing but the return value: its text may hold anything. */
export function describeFailure(error: unknown, otherwise: 'hsm.failed' | 'hsm.unavailable'): OriginSignError {
  if (error instanceof OriginSignError) return error;
  const returnValue = returnValueName(error);
  const meaning = returnValue === undefined ? undefined : MEANINGS[returnValue];
  const sentence = otherwise === 'hsm.failed' ? 'The token could not do it' : 'The token cannot be opened';
  return new OriginSignError(
    meaning?.code ?? otherwise,
    meaning?.sentence ?? `${sentence}${returnValue === undefined ? '' : ` (${returnValue})`}.`,
    {
      ...(meaning?.hint === undefined ? {} : { hint: meaning.hint }),
      ...(returnValue === undefined ? {} : { details: { returnValue } }),
      cause: error,
    },
  );
}
