import type { Json } from '@originsign/core/encoding/canonical-json';
import { isJsonObject, tryStrictJson } from '@originsign/core/encoding/strict-json';
import type { OriginSignError } from '@originsign/core/errors/error';
import { AnswerFields } from './answer-fields.ts';
import { apiUnavailable, contradiction, credentialRefused } from './connector-errors.ts';

/** What this room needs of the way out of the server. */
export type ConnectorFetch = (
  url: string,
  options: {
    readonly method?: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Uint8Array;
    readonly maxBytes: number;
    readonly timeout: number;
    readonly allowPrivate: boolean;
    readonly allowHttp: boolean;
    readonly redirects: 'report';
  },
) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}>;

/** The API of one installation. */
export interface PlatformApiConfig {
  readonly systemId: string;
  /** Base of all addresses, without a slash at the end. */
  readonly url: string;
  /** Sent with every call; they hold the credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivateAddress: boolean;
  /** What a redirect means: a page for people who are not signed in, or a resource that has another name now. */
  readonly redirectMeans: 'sign-in' | 'moved';
}

/** Reads documents. Throws `connector.unavailable` and `connector.refused`; nothing thrown holds a header, a query or a body. */
export interface PlatformApi {
  /** The document; `connector.disagrees` where there is none, `connector.refused` where the credential may not read it. */
  read(path: string): Promise<AnswerFields>;
  /** As `read`, with the reason instead of an error where there is no document or it may not be read. */
  tryRead(path: string): Promise<AnswerFields | 'missing' | 'forbidden'>;
  /** As `tryRead` for a document that is a list. */
  tryReadList(path: string): Promise<readonly AnswerFields[] | 'missing' | 'forbidden'>;
  /** What the API makes where it is asked to; errors as with `read`. */
  create(path: string, wish: Json): Promise<AnswerFields>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const TIMEOUT = 5_000;
const JSON_LIMITS = { maxDepth: 32, maxValues: 500_000 };

/** The API of a CI platform over the guarded way out. */
export function createPlatformApi(
  config: PlatformApiConfig,
  { fetch, now }: { readonly fetch: ConnectorFetch; readonly now: () => Date },
): PlatformApi {
  const fields = (document: Json | undefined): AnswerFields => new AnswerFields(document, unreadable(config));
  let blockedUntil = -Infinity;
  const tryDocument = async (
    path: string,
    wish?: Json,
  ): Promise<{ readonly value: Json } | 'missing' | 'forbidden'> => {
    const wait = Math.ceil((blockedUntil - now().getTime()) / 1000);
    // Platforms lock out callers that go on while a limit holds.
    if (wait > 0 && wait <= LONGEST_WAIT) throw limited(config, wait);
    const answer = await call(config, path, wish, fetch);
    const problem = problemOf(answer.status, config);
    if (problem !== undefined) throw problem;
    const document = tryStrictJson(answer.body, JSON_LIMITS);
    if (answer.status === 404) return 'missing';
    if (answer.status === 403 || answer.status === 429) {
      const retryAfter = rateLimitWait(answer, document, now());
      if (retryAfter === undefined) return 'forbidden';
      blockedUntil = now().getTime() + retryAfter * 1000;
      throw limited(config, retryAfter);
    }
    if (document === undefined) throw apiUnavailable(config.systemId, 'it answered with something else than JSON');
    return { value: document };
  };
  const demand = async (path: string, wish?: Json): Promise<AnswerFields> => {
    const document = await tryDocument(path, wish);
    if (document === 'forbidden') throw credentialRefused(config.systemId, 'status 403');
    if (document !== 'missing') return fields(document.value);
    const hint = 'or the credential of the connector may not read it';
    throw contradiction(config.systemId, 'exists', 'it knows no such run', hint);
  };
  return {
    read: (path) => demand(path),
    create: (path, wish) => demand(path, wish),
    async tryRead(path) {
      const document = await tryDocument(path);
      return typeof document === 'string' ? document : fields(document.value);
    },
    async tryReadList(path) {
      const document = await tryDocument(path);
      if (typeof document === 'string') return document;
      if (!Array.isArray(document.value)) throw unreadable(config)('the answer');
      return (document.value as readonly Json[]).map(fields);
    },
  };
}

const unreadable =
  ({ systemId }: PlatformApiConfig) =>
  (field: string) =>
    apiUnavailable(systemId, `its answer does not have the documented shape at ${field}`);

const limited = ({ systemId }: PlatformApiConfig, retryAfter: number): OriginSignError =>
  apiUnavailable(systemId, 'its limit of calls is used up', { retryAfter });

type Answer = Awaited<ReturnType<ConnectorFetch>>;

async function call(
  config: PlatformApiConfig,
  path: string,
  wish: Json | undefined,
  fetch: ConnectorFetch,
): Promise<Answer> {
  const url = `${config.url}${path}`;
  // Dots that climb would be folded only later, and lead out of the place that was checked.
  if (new URL(url).href !== url) throw contradiction(config.systemId, 'name', 'a name in it is not one that it gives');
  try {
    return await fetch(url, {
      ...(wish === undefined ? {} : { method: 'POST', body: new TextEncoder().encode(JSON.stringify(wish)) }),
      headers: wish === undefined ? config.headers : { ...config.headers, 'content-type': 'application/json' },
      maxBytes: MAX_BYTES,
      timeout: TIMEOUT,
      allowPrivate: config.allowPrivateAddress,
      // The scheme is the operator's word: the address comes from the configuration, which takes http on loopback alone.
      allowHttp: config.url.startsWith('http:'),
      redirects: 'report',
    });
  } catch (cause) {
    throw apiUnavailable(config.systemId, 'it did not answer', { cause });
  }
}

/** Statuses that mean the same everywhere. Some platforms answer 203 with a page to sign in, others redirect to one. */
function problemOf(status: number, { systemId, redirectMeans }: PlatformApiConfig): Error | undefined {
  if (status === 200 || status === 201 || status === 403 || status === 404 || status === 429) return undefined;
  if (status === 401 || status === 203) return credentialRefused(systemId, `status ${status}`);
  if (status < 300 || status >= 400) return apiUnavailable(systemId, `it answered with status ${status}`);
  if (redirectMeans === 'sign-in') return credentialRefused(systemId, `status ${status}, a redirect`);
  return contradiction(systemId, 'name', 'the repository has another name now');
}

const LONGEST_WAIT = 3600;

/** Seconds to wait where the answer is about a limit of calls; `undefined` where it is about rights. */
function rateLimitWait({ status, headers }: Answer, document: Json | undefined, now: Date): number | undefined {
  const message = isJsonObject(document) ? document['message'] : undefined;
  const asked = digits(headers['retry-after']);
  const reset = headers['x-ratelimit-remaining'] === '0' ? digits(headers['x-ratelimit-reset']) : undefined;
  const isLimit = status === 429 || (typeof message === 'string' && /rate limit/i.test(message));
  const wait = asked ?? (reset === undefined ? undefined : reset - now.getTime() / 1000) ?? (isLimit ? 60 : undefined);
  return wait === undefined ? undefined : Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(wait)));
}

function digits(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
