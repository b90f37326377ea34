import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { checkedLookup, type Resolve } from './pinned-lookup.ts';

/** Settings of everything that leaves the server. Nothing is taken from the environment. */
export interface EgressConfig {
  /** URL of an http or https proxy; it may carry a user and password. */
  readonly proxy?: string;
  /** Hosts that are reached without the proxy: names, `.suffixes`, optional ports, separated by commas; `*` for all. */
  readonly noProxy?: string;
  /** PEM certificates that are trusted besides the public ones. */
  readonly ca?: string;
  /** Name resolution, for tests. */
  readonly resolve?: Resolve;
}

/** Connections to public addresses, and to private ones too: never shared, or a pooled connection would carry the wrong call. */
export interface Dispatchers {
  readonly publicOnly: Dispatcher;
  readonly withPrivate: Dispatcher;
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CONNECT_TIMEOUT = 10_000;

/**
 * With a proxy the proxy resolves the names, so it decides which addresses can be reached and its own rules hold; literal
 * addresses and hosts of `noProxy` are still checked here.
 */
export function createDispatchers(config: EgressConfig): Dispatchers {
  const tls = config.ca === undefined ? {} : { ca: [...rootCertificates, config.ca] };
  const create = (allowPrivate: boolean): Dispatcher => {
    const lookup = checkedLookup(allowPrivate, config.resolve);
    const common = { maxHeaderSize: MAX_HEADER_BYTES, connect: { timeout: CONNECT_TIMEOUT, lookup, ...tls } };
    if (config.proxy === undefined) return new Agent(common);
    return new EnvHttpProxyAgent({
      ...common,
      httpProxy: config.proxy,
      httpsProxy: config.proxy,
      noProxy: config.noProxy ?? '',
      requestTls: tls,
      proxyTls: tls,
    });
  };
  const publicOnly = create(false);
  const withPrivate = create(true);
  return {
    publicOnly,
    withPrivate,
    close: async () => {
      await Promise.all([publicOnly.close(), withPrivate.close()]);
    },
  };
}
