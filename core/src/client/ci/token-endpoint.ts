import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import type { EventSink } from '../events.ts';
import type { FetchPort, FetchRequest, FetchResponse } from '../fetch-port.ts';
import { isPassing, withRetries } from '../retry.ts';

const PATIENCE = 120_000;
const CALL_TIMEOUT = 20_000;

/** What a call to a platform's token endpoint needs. */
export interface TokenEndpointPorts {
  readonly fetch: FetchPort;
  readonly clock: Clock;
  /** Told of repeated calls. */
  readonly events?: EventSink;
}

/** One way to ask a platform for a token. */
export interface TokenCall {
  /** Name of the platform in messages. */
  readonly platform: string;
  readonly url: string;
  readonly request: FetchRequest;
  /** The token in a complete answer; throws {@link noToken} or another error where there is none. */
  readonly tokenOf: (answer: FetchResponse) => string;
}

/**
 * Asks until there is a token. Endpoints answer 5xx or not at all now and then, so calls are repeated for two minutes.
 * Throws `token.unavailable`, or what `tokenOf` throws.
 */
export function askForToken(call: TokenCall, ports: TokenEndpointPorts, signal?: AbortSignal): Promise<string> {
  const patience = {
    clock: ports.clock,
    events: ports.events ?? (() => undefined),
    milliseconds: PATIENCE,
    isPassing: (error: unknown) => isOriginSignError(error) && error.details?.['passing'] === true,
    ...(signal === undefined ? {} : { signal }),
  };
  return withRetries(patience, async () => call.tokenOf(await ask(call, ports.fetch, signal)));
}

async function ask({ platform, url, request }: TokenCall, fetch: FetchPort, signal?: AbortSignal) {
  try {
    return await fetch(url, { ...request, timeout: CALL_TIMEOUT, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    if (!(cause instanceof OriginSignError)) throw cause;
    throw new OriginSignError('token.unavailable', `${platform} handed out no identity token. ${cause.message}`, {
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      details: { passing: isPassing(cause) },
      cause,
    });
  }
}

/** The error for an endpoint that gave no token. `passing`: the same call may succeed later. */
export function noToken(
  platform: string,
  what: string,
  options: { readonly hint: string; readonly passing?: boolean; readonly retryAfter?: string | undefined },
): OriginSignError {
  const seconds = Number(options.retryAfter);
  return new OriginSignError('token.unavailable', `${platform} handed out no identity token: ${what}.`, {
    hint: options.hint,
    details: { passing: options.passing ?? false },
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
  });
}

/** True for statuses after which the same call may succeed. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/** True for text with the shape of a JSON Web Token, compact form (RFC 7515 section 3.1), of a size that may be sent. */
export function isTokenShaped(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.token && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value);
}
