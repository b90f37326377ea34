import { request, type Dispatcher } from 'undici';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { hostAddress, isReachable } from './address-rules.ts';
import { createDispatchers, type EgressConfig } from './dispatchers.ts';
import { readBody } from './limited-body.ts';
import { refusedAddress } from './pinned-lookup.ts';

/** One outbound request. */
export interface FetchOptions {
  /** `GET` where left out. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Most bytes of body that the answer may have. */
  readonly maxBytes: number;
  /** Milliseconds for everything: name, connection, TLS, answer, last byte of the body. */
  readonly timeout: number;
  /** Reach private and loopback addresses too: a service of the operator's own. */
  readonly allowPrivate?: boolean;
  /** Speak plain http too: for protocols that sign what they say (timestamps), and for trials. */
  readonly allowHttp?: boolean;
  /** Give a redirect back as the answer instead of refusing it. It is followed in no case. */
  readonly redirects?: 'refuse' | 'report';
}

/** What came back. Header names in lower case; a repeated header is joined with a comma. */
interface FetchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The one way out of the server. Throws `egress.refused` before or instead of talking, `egress.failed` for everything else. */
export type GuardedFetch = (url: string, options: FetchOptions) => Promise<FetchAnswer>;

/**
 * Makes the one function through which the server talks to others. It speaks https only unless the call allows http, never
 * follows a redirect, connects only to addresses it has checked, accepts no content coding, and has limits on headers, body
 * and total time. `close` ends idle connections.
 */
export function createGuardedFetch(config: EgressConfig = {}): {
  readonly fetch: GuardedFetch;
  readonly close: () => Promise<void>;
} {
  const dispatchers = createDispatchers(config);
  const fetch: GuardedFetch = async (text, options) => {
    const url = checkedUrl(text, options);
    const dispatcher = options.allowPrivate === true ? dispatchers.withPrivate : dispatchers.publicOnly;
    try {
      return await send(url, options, dispatcher);
    } catch (error) {
      throw egressError(url, error);
    }
  };
  return { fetch, close: () => dispatchers.close() };
}

function checkedUrl(text: string, options: FetchOptions): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new OriginSignError('egress.refused', 'The address is not a URL.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.allowHttp === true)) {
    throw new OriginSignError('egress.refused', `The address of ${url.host} is not an https URL.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OriginSignError('egress.refused', `The address of ${url.host} carries a user or password.`);
  }
  if (!mayAsk(url.hostname, options.allowPrivate === true)) throw refusedAddress(url.hostname);
  return url;
}

/**
 * A socket to a literal address never asks the lookup, and a proxy resolves names by itself: what the name alone tells must
 * be checked before.
 */
function mayAsk(hostname: string, allowPrivate: boolean): boolean {
  const address = hostAddress(hostname);
  if (address !== undefined) return isReachable(address, allowPrivate);
  return allowPrivate || !/(?:^|\.)localhost\.?$/.test(hostname);
}

async function send(url: URL, options: FetchOptions, dispatcher: Dispatcher): Promise<FetchAnswer> {
  const signal = AbortSignal.timeout(options.timeout);
  const answer = await request(url, {
    dispatcher,
    signal,
    method: options.method ?? 'GET',
    headers: { 'user-agent': 'originsign-server', ...options.headers, 'accept-encoding': 'identity' },
    ...(options.body === undefined ? {} : { body: options.body }),
  });
  try {
    if (options.redirects !== 'report' && answer.statusCode >= 300 && answer.statusCode < 400) {
      throw new OriginSignError('egress.refused', `${url.host} answered with a redirect, which is not followed.`);
    }
    const headers = flatHeaders(answer.headers);
    const body = await readBody(answer.body, headers, options.maxBytes, url.host);
    return { status: answer.statusCode, headers, body };
  } catch (error) {
    answer.body.on('error', () => undefined).destroy();
    throw error;
  }
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Names the host and the kind of failure, never path, query or headers: they can hold secrets. */
function egressError(url: URL, error: unknown): OriginSignError {
  const inner = error instanceof Error && isOriginSignError(error.cause) ? error.cause : error;
  if (isOriginSignError(inner)) return inner;
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const code = (error as { code?: unknown } | null)?.code;
  const reason = timedOut ? 'no complete answer in time' : typeof code === 'string' ? code : 'the connection failed';
  return new OriginSignError('egress.failed', `The request to ${url.host} failed: ${reason}.`, { cause: error });
}
