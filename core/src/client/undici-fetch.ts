import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { OriginSignError } from '../errors/error.ts';
import { authoritiesWith, type GivenAuthorities } from './authorities.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { FetchPort, FetchRequest, FetchResponse } from './fetch-port.ts';
import { AnswerTooLarge, unreachable } from './unreachable.ts';

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
  /** Authorities that are no file, trusted likewise. */
  readonly authorities?: readonly GivenAuthorities[];
  /** Shown to the signing server, and neither to proxies nor to CI platforms. */
  readonly clientCertificate?: ClientCertificate;
  /** User-Agent. */
  readonly agent: string;
}

/** The fetch port over real connections, honouring proxies and private authorities. Throws `input.*` for what it is given. */
export function createUndiciFetch(options: UndiciFetchOptions): {
  readonly fetch: FetchPort;
  readonly close: () => Promise<void>;
} {
  const { agent, clientCertificate } = options;
  const authorities = authoritiesWith(options.caFile, options.environment, options.authorities);
  const ca = authorities === undefined ? {} : { ca: [...authorities] };
  const proxies = proxiesOf(options.environment);
  const dispatcher = dispatcherWith(proxies, ca, {});
  const certified =
    clientCertificate === undefined ? dispatcher : dispatcherWith(proxies, ca, tlsOf(clientCertificate));
  const between = [proxies.httpsProxy, proxies.httpProxy].filter((proxy) => proxy !== '');
  return {
    fetch: (url, call) => {
      const way = call.showsCertificate === true ? certified : dispatcher;
      return send({ dispatcher: way, proxies: between, agent }, url, call);
    },
    close: async () => {
      await Promise.all([dispatcher.destroy(), certified.destroy()]);
    },
  };
}

/** Connections through these proxies; `identity` is shown to the other end of a tunnel and not to the proxy. */
function dispatcherWith(proxies: ReturnType<typeof proxiesOf>, ca: object, identity: object): Dispatcher {
  return new EnvHttpProxyAgent({
    ...proxies,
    connect: { ...ca, ...identity, timeout: CONNECT_TIMEOUT },
    requestTls: { ...ca, ...identity, timeout: CONNECT_TIMEOUT },
    proxyTls: { ...ca, timeout: CONNECT_TIMEOUT },
    // The time of a whole call is bounded by its signal: a long poll rightly says nothing for a while.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function tlsOf(certificate: ClientCertificate): object {
  return 'pfx' in certificate ? { ...certificate, pfx: Buffer.from(certificate.pfx) } : certificate;
}

function proxiesOf(environment: UndiciFetchOptions['environment']) {
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

interface Way {
  readonly dispatcher: Dispatcher;
  readonly proxies: readonly string[];
  readonly agent: string;
}

async function send(way: Way, url: string, call: FetchRequest): Promise<FetchResponse> {
  const timeout = AbortSignal.timeout(call.timeout ?? ANSWER_TIMEOUT);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
  try {
    const { origin, pathname, search } = new URL(url);
    const answer = await way.dispatcher.request({
      origin,
      path: pathname + search,
      method: call.method,
      headers: { 'user-agent': way.agent, ...call.headers },
      body: call.body ?? null,
      signal,
    });
    return { status: answer.statusCode, headers: plainHeaders(answer.headers), body: await readBody(answer.body) };
  } catch (error) {
    throw unreachable({
      url,
      error,
      proxies: way.proxies,
      showsCertificate: call.showsCertificate === true,
      wasAborted: call.signal?.aborted === true,
      timedOut: timeout.aborted,
    });
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

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): FetchResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
