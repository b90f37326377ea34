import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import type { ServerConfig } from '../config/server-config.ts';
import type { ReadinessCheck } from './health.ts';
import { createListener } from './listener.ts';
import { createMetricsListener, Metrics, type Tally } from './metrics.ts';
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

/** Starts the public listener, and the one for metrics where it is configured. */
export async function listen(served: Served): Promise<Listening> {
  const { config, useCases, checks, logger } = served;
  const metrics = new Metrics(served.tally);
  const { tls, address } = config.listen;
  const http = createListener({
    serverUrl: config.url,
    useCases,
    checks,
    logger,
    ...(tls === undefined ? {} : { tls: { certificate: tls.certificate, key: tls.key.reveal() } }),
    answered: (route, status, ms) => metrics.answers.observe({ route, status: String(status) }, ms / 1000),
  });
  await occupying(address, http.listen({ host: address.host, port: address.port }));
  const metricsListener = config.metrics === undefined ? undefined : createMetricsListener(metrics);
  if (metricsListener !== undefined && config.metrics !== undefined) {
    const { host, port } = config.metrics.address;
    const started = new Promise<void>((resolve, reject) => {
      metricsListener.once('error', reject).listen(port, host, resolve);
    });
    await occupying(config.metrics.address, started);
  }
  const { address: bound, port } = http.server.address() as AddressInfo;
  return {
    address: bound,
    port,
    close: async () => {
      metricsListener?.close();
      await http.close();
    },
  };
}

/** Says which address cannot be had. Throws `config.invalid`. */
async function occupying(address: { host: string; port: number }, started: Promise<unknown>): Promise<void> {
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
