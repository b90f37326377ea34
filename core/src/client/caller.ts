import type { KeyObject } from 'node:crypto';
import { signRequest } from '../attestation/request-signature.ts';
import type { Json } from '../encoding/canonical-json.ts';
import { parseStrictJson, tryStrictJson } from '../encoding/strict-json.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { errorOfProblem } from '../protocol/problem.ts';
import type { Clock } from './clock.ts';
import type { EventSink } from './events.ts';
import type { FetchPort, FetchResponse } from './fetch-port.ts';
import { withRetries } from './retry.ts';

/** Milliseconds for which a call is repeated when the server is away. */
const PATIENCE = 300_000;

/** What signed calls need. */
export interface CallerPorts {
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly signal?: AbortSignal;
}

/** One call to the server. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Made anew for every attempt, so that a token in it can be renewed. No body where left out. */
  readonly body?: () => Promise<Uint8Array>;
  /** Milliseconds until one attempt must be answered. */
  readonly timeout?: number;
  /** Milliseconds for which further attempts begin; five minutes where left out. */
  readonly patience?: number;
  /** True for what has to be said although the user has given up. */
  readonly unstoppable?: boolean;
}

/** Makes calls that carry the request signature. */
export type Caller = (call: Call) => Promise<Json>;

/**
 * Calls signed by the one-use key (RFC 9421). What may pass is tried again; where the server says that this machine's clock is
 * off, its `Date` corrects it once. Throws the error that the server's problem names, `server.unreachable`, `server.unexpected`.
 */
export function createCaller(ports: CallerPorts, key: KeyObject, keyId: string): Caller {
  const { clock, events } = ports;
  const stop = (call: Call) =>
    ports.signal === undefined || call.unstoppable === true ? {} : { signal: ports.signal };
  /** Milliseconds that the server is ahead; unknown until it complains. */
  let offset: number | undefined;

  const attempt = async (call: Call): Promise<Json> => {
    const body = (await call.body?.()) ?? new Uint8Array();
    const created = Math.floor((clock.now().getTime() + (offset ?? 0)) / 1000);
    const fields = signRequest({ method: call.method, targetUri: call.url, body, created, key, keyId });
    const response = await ports.fetch(call.url, {
      method: call.method,
      showsCertificate: true,
      headers: { accept: 'application/json', ...contentType(body), ...fields },
      ...(body.length === 0 ? {} : { body }),
      ...(call.timeout === undefined ? {} : { timeout: call.timeout }),
      ...stop(call),
    });
    return readAnswer(response, clock.now());
  };

  const correctClock = (error: unknown): boolean => {
    const serverTime = isOriginSignError(error, 'request.clock') ? error.details?.['answeredAt'] : undefined;
    if (offset !== undefined || typeof serverTime !== 'number') return false;
    offset = serverTime - clock.now().getTime();
    events({ kind: 'clock', offset: Math.round(offset / 1000) });
    return true;
  };

  return (call) =>
    withRetries({ clock, events, milliseconds: call.patience ?? PATIENCE, ...stop(call) }, async () => {
      try {
        return await attempt(call);
      } catch (error) {
        if (!correctClock(error)) throw error;
        return attempt(call);
      }
    });
}

function contentType(body: Uint8Array): Readonly<Record<string, string>> {
  return body.length === 0 ? {} : { 'content-type': 'application/json' };
}

/** The document of an answer; throws the error that it stands for, or `server.unexpected`. */
export function readAnswer(response: FetchResponse, now: Date): Json {
  const { status, body } = response;
  if (status >= 200 && status < 300) return readDocument(body);
  if (status >= 300 && status < 400) {
    throw new OriginSignError('server.unexpected', `The server sent the call elsewhere (status ${status}).`, {
      hint: 'give the public URL of the server itself; redirects are not followed',
    });
  }
  throw refusal(response, now);
}

function readDocument(body: Uint8Array): Json {
  try {
    return parseStrictJson(body);
  } catch (cause) {
    throw new OriginSignError('server.unexpected', 'The server answered with something that is not JSON.', { cause });
  }
}

function refusal({ status, headers, body }: FetchResponse, now: Date): OriginSignError {
  const error = errorOfProblem(tryStrictJson(body), status, retryAfter(headers['retry-after'], now));
  const date = Date.parse(headers['date'] ?? '');
  if (error.code === 'request.clock' && Number.isFinite(date)) return withDetails(error, { answeredAt: date });
  // A gateway in between answers in its own words while the server restarts.
  const passing = error.code === 'server.unexpected' && (status >= 500 || status === 429 || status === 408);
  return passing ? withDetails(error, { passing }) : error;
}

function withDetails(error: OriginSignError, details: Readonly<Record<string, unknown>>): OriginSignError {
  return new OriginSignError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    details: { ...error.details, ...details },
  });
}

/** Seconds of a Retry-After field, which holds seconds or a date. RFC 9110 section 10.2.3. */
export function retryAfter(field: string | undefined, now: Date): number | undefined {
  if (field === undefined) return undefined;
  if (/^\d{1,7}$/.test(field.trim())) return Number(field);
  const date = Date.parse(field);
  return Number.isFinite(date) ? Math.max(0, (date - now.getTime()) / 1000) : undefined;
}
