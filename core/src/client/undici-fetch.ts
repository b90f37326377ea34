import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { OriginSignError } from '../errors/error.ts';
import { authoritiesWith } from './authorities.ts';
import type { FetchPort, FetchRequest, FetchResponse, UnreachableReason } from './fetch-port.ts';

/** Limits of one call. Milliseconds and bytes. */
const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 60_000;
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** What the adapter takes from the process. */
export interface UndiciFetchOptions {
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` (lower case first) and `NODE_EXTRA_CA_CERTS`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** PEM file with authorities trusted in addition to the system's. */
  readonly caFile?: string;
  /** User-Agent. */
  readonly agent: string;
}

/** The fetch port over real connections, honouring proxies and private authorities. Throws `input.*` for what it is given. */
export function createUndiciFetch(options: UndiciFetchOptions): {
  readonly fetch: FetchPort;
  readonly close: () => Promise<void>;
} {
  const authorities = authoritiesWith(options.caFile, options.environment);
  const ca = authorities === undefined ? {} : { ca: [...authorities] };
  const dispatcher = new EnvHttpProxyAgent({
    ...proxies(options.environment),
    connect: { ...ca, timeout: CONNECT_TIMEOUT },
    requestTls: { ...ca, timeout: CONNECT_TIMEOUT },
    proxyTls: { ...ca, timeout: CONNECT_TIMEOUT },
    // The time of a whole call is bounded by its signal: a long poll rightly says nothing for a while.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    fetch: (url, call) => send(dispatcher, url, call, options.agent),
    close: () => dispatcher.destroy(),
  };
}

function proxies(environment: UndiciFetchOptions['environment']) {
  const value = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const httpProxy = proxyUrl('HTTP_PROXY', value('HTTP_PROXY'));
  // The agent falls back to the plain proxy, which on many networks does not tunnel.
  const httpsProxy = proxyUrl('HTTPS_PROXY', value('HTTPS_PROXY'));
  return { httpProxy, httpsProxy, noProxy: value('NO_PROXY') };
}

function proxyUrl(name: string, text: string): string {
  if (text === '') return '';
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const isUsable = URL.canParse(withScheme) && /^https?:$/.test(new URL(withScheme).protocol);
  // The value is not repeated: it often has a password in it.
  if (!isUsable) throw new OriginSignError('input.invalid', `The environment variable ${name} is not a proxy URL.`);
  return withScheme;
}

async function send(dispatcher: Dispatcher, url: string, call: FetchRequest, agent: string): Promise<FetchResponse> {
  const timeout = AbortSignal.timeout(call.timeout ?? ANSWER_TIMEOUT);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
  try {
    const { origin, pathname, search } = new URL(url);
    const answer = await dispatcher.request({
      origin,
      path: pathname + search,
      method: call.method,
      headers: { 'user-agent': agent, ...call.headers },
      body: call.body ?? null,
      signal,
    });
    return { status: answer.statusCode, headers: plainHeaders(answer.headers), body: await readBody(answer.body) };
  } catch (error) {
    throw unreachable(url, error, reasonOf(error, call.signal?.aborted === true, timeout.aborted));
  }
}

async function readBody(body: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    if (!(part instanceof Uint8Array)) throw new TypeError('A body is bytes.');
    size += part.length;
    if (size > LARGEST_ANSWER) throw new AnswerTooLarge();
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

class AnswerTooLarge extends Error {}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): FetchResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

const CERTIFICATE_CODE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

function reasonOf(error: unknown, wasAborted: boolean, timedOut: boolean): UnreachableReason {
  if (wasAborted) return 'aborted';
  if (timedOut) return 'timeout';
  if (error instanceof AnswerTooLarge) return 'too_large';
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  if (CERTIFICATE_CODE.test(code)) return 'certificate';
  return code === 'UND_ERR_ABORTED' ? 'proxy' : 'connection';
}

function codeOf(error: unknown): string {
  for (let next = error; next instanceof Error; next = next.cause) {
    if ('code' in next && typeof next.code === 'string') return next.code;
  }
  return '';
}

const REASONS: Readonly<Record<UnreachableReason, readonly [what: string, hint: string]>> = {
  connection: ['the connection failed or broke off', 'check the address, firewalls and proxies in between'],
  name: ['its name cannot be resolved', 'check the spelling of the address and the DNS of this machine'],
  certificate: ['its certificate is not trusted here', 'give the private authority with ca-file'],
  proxy: ['the proxy refused the connection', 'check HTTPS_PROXY and NO_PROXY'],
  timeout: ['it did not answer in time', 'check the address, firewalls and proxies in between'],
  aborted: ['the call was given up', 'start again'],
  too_large: ['its answer is larger than any answer may be', 'check what stands between'],
};

function unreachable(url: string, cause: unknown, reason: UnreachableReason): OriginSignError {
  const [what, hint] = REASONS[reason];
  const code = codeOf(cause);
  const suffix = code === '' || code.startsWith('UND_') ? '' : ` (${code})`;
  return new OriginSignError('server.unreachable', `No answer from ${new URL(url).host}: ${what}${suffix}.`, {
    hint,
    details: { reason },
    cause,
  });
}
