import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the server counts. Labels never carry repositories, projects or anything else that outsiders can make many of. */
export class Metrics {
  readonly registry = new Registry();
  readonly answers: Histogram<'route' | 'status'>;
  readonly requests: Counter<'outcome'>;
  readonly signatures: Counter<'format'>;
  readonly strangers: Counter;

  constructor(underWay: () => number) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.answers = new Histogram({
      name: 'originsign_http_answer_seconds',
      help: 'Time to answer by route and status',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
      registers,
    });
    this.requests = new Counter({
      name: 'originsign_signing_requests_total',
      help: 'Signing requests by outcome: an error code, or completed',
      labelNames: ['outcome'],
      registers,
    });
    this.signatures = new Counter({
      name: 'originsign_signatures_total',
      help: 'Signatures released, by format',
      labelNames: ['format'],
      registers,
    });
    this.strangers = new Counter({
      name: 'originsign_unlinked_refusals_total',
      help: 'Refusals of repositories that no project links',
      registers,
    });
    const gauge: Gauge = new Gauge({
      name: 'originsign_signatures_under_way',
      help: 'Signatures that were promised and are not finished',
      registers,
      collect: (): void => gauge.set(underWay()),
    });
  }
}

/** Serves `/metrics` on a listener of its own, by default on loopback. */
export function createMetricsListener(metrics: Metrics): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}
