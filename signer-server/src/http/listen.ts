import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import type { ListenAddress } from '../config/addresses.ts';
import type { ProxyListenConfig, ServerConfig, TlsConfig } from '../config/server-config.ts';
import { pemCertificates } from '../app/pem.ts';
import type { ReadinessCheck } from './health.ts';
import { createListener } from './listener.ts';
import { createMetricsListener, Metrics, type Tally } from './metrics.ts';
import { createProxyCheck } from './proxy-check.ts';
import type { UseCases } from './use-cases.ts';

/** What is served. */
export interface Served {
  readonly config: ServerConfig;
  readonly useCases: UseCases;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** Figures for the metrics. */
  readonly tally: () => Tally;
  readonly logger: FastifyBaseLogger;
}

/** A running listener. */
export interface Listening {
  readonly address: string;
  readonly port: number;
  /** Takes no new requests, answers the ones that are there, and ends. */
  close(): Promise<void>;
}

/**
 * Starts the public listener, the one for proxies and the one for metrics, the latter two where they are configured. Throws
 * `config.invalid` for an address that cannot be had; then none listens.
 */
export async function listen(served: Served): Promise<Listening> {
  const { config } = served;
  const metrics = new Metrics(served.tally);
  const http = publicListener(served, metrics);
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((closer) => closer()));
  };
  try {
    await start(http, config.listen.address, closers);
    if (config.proxyListen !== undefined) {
      await start(proxyListener(served, config.proxyListen, metrics), config.proxyListen.address, closers);
    }
    if (config.metrics !== undefined) await startMetrics(metrics, config.metrics.address, closers);
  } catch (error) {
    await close();
    throw error;
  }
  const { address, port } = http.server.address() as AddressInfo;
  return { address, port, close };
}

function publicListener(served: Served, metrics: Metrics): FastifyInstance {
  const { tls, clientCertificates } = served.config.listen;
  return createListener({
    ...common(served, metrics),
    certificates: { kind: clientCertificates ? 'tls' : 'none' },
    ...(tls === undefined
      ? {}
      : { tls: { ...pemOf(tls), ...(clientCertificates ? { clients: { kind: 'request' as const } } : {}) } }),
  });
}

function proxyListener(served: Served, { tls, proxies }: ProxyListenConfig, metrics: Metrics): FastifyInstance {
  const authorities = pemCertificates(proxies.ca);
  return createListener({
    ...common(served, metrics),
    tls: { ...pemOf(tls), clients: { kind: 'require', ca: proxies.ca } },
    certificates: { kind: 'proxy', check: createProxyCheck({ authorities, names: proxies.names }, () => new Date()) },
  });
}

function common({ config, useCases, checks, logger }: Served, metrics: Metrics) {
  return {
    serverUrl: config.url,
    useCases,
    checks,
    logger,
    answered: (route: string, status: number, ms: number) =>
      metrics.answers.observe({ route, status: String(status) }, ms / 1000),
  };
}

function pemOf({ certificate, key }: TlsConfig): { readonly certificate: string; readonly key: string } {
  return { certificate, key: key.reveal() };
}

type Closers = (() => Promise<unknown>)[];

async function start(http: FastifyInstance, address: ListenAddress, closers: Closers): Promise<void> {
  closers.push(() => http.close());
  await occupying(address, http.listen({ host: address.host, port: address.port }));
}

async function startMetrics(metrics: Metrics, address: ListenAddress, closers: Closers): Promise<void> {
  const listener = createMetricsListener(metrics);
  const started = new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(address.port, address.host, resolve);
  });
  await occupying(address, started);
  closers.push(async () => listener.close());
}

/** Says which address cannot be had. Throws `config.invalid`. */
async function occupying(address: ListenAddress, started: Promise<unknown>): Promise<void> {
  try {
    await started;
  } catch (cause) {
    const where = `${address.host}:${address.port}`;
    throw new OriginSignError('config.invalid', `The address ${where} cannot be listened on.`, {
      hint: 'stop what listens there, or configure another address',
      cause,
    });
  }
}
