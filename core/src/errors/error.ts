import { CODE_TABLE, type ErrorCode } from './codes.ts';

/** What an error may carry besides its code. Nothing in it may be a secret: all of it can reach a log or a user. */
export interface ErrorOptions {
  /** What the reader can do about it; the code table's hint where left out. */
  readonly hint?: string;
  /** Plain data for machines: expected and actual values, indices, paths the user gave. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The underlying error, kept for logs of the process that made it and never sent over the wire. */
  readonly cause?: unknown;
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
}

/**
 * The one class of error that OriginSign throws. The code is stable, the message a plain sentence.
 * Misuse by a programmer is a `TypeError` instead.
 */
export class OriginSignError extends Error {
  override readonly name = 'OriginSignError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? CODE_TABLE[code].hint;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
  }

  /** HTTP status of the answer that carries this error. */
  get status(): number {
    return CODE_TABLE[this.code].status;
  }

  /** Exit status of a command that ends with this error. */
  get exitCode(): number {
    return CODE_TABLE[this.code].exit;
  }
}

/** True where `error` is ours and, if a code is given, has that code. */
export function isOriginSignError(error: unknown, code?: ErrorCode): error is OriginSignError {
  return error instanceof OriginSignError && (code === undefined || error.code === code);
}
