import { OriginSignError } from '@originsign/core/errors/error';

/** What may stand beside `connector.unavailable`. */
interface UnavailableOptions {
  /** For the log of the server, never for the client. */
  readonly cause?: unknown;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The API did not answer as it should; the same request may go through later. */
export function apiUnavailable(systemId: string, what: string, options: UnavailableOptions = {}): OriginSignError {
  const { cause, retryAfter } = options;
  return new OriginSignError('connector.unavailable', `The API of ${systemId} cannot be asked now: ${what}.`, {
    ...(cause === undefined ? {} : { cause }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** The API does not take the server's credential. Which call and which status is for the log alone. */
export function credentialRefused(systemId: string, what: string): OriginSignError {
  return new OriginSignError(
    'connector.refused',
    `The API of ${systemId} does not accept the credential of this server.`,
    { cause: new Error(what) },
  );
}

/**
 * The API contradicts the token. `fact` is a stable word for machines, `sentence` says it to a person; neither holds what the
 * API answered, because the asking job need not be one that may read it.
 */
export function contradiction(systemId: string, fact: string, sentence: string, hint?: string): OriginSignError {
  return new OriginSignError('connector.disagrees', `The API of ${systemId} contradicts the token: ${sentence}.`, {
    details: { system: systemId, fact },
    ...(hint === undefined ? {} : { hint }),
  });
}
