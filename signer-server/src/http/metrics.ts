import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What happened since the start, by names that outsiders cannot make more of. */
export interface Tally {
  /** Signatures that were promised and are not finished. */
  readonly underWay: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly signatures: ReadonlyMap<string, number>;
  /** Policy files by what became of them. */
  readonly policyFiles: ReadonlyMap<string, number>;
}

/** What the server counts. Labels never carry repositories, projects or anything else that outsiders can make many of. */
export class Metrics {
  readonly registry = new Registry();
  readonly answers: Histogram<'route' | 'status'>;

  constructor(tally: () => Tally) {
    collectDefaultMetrics({ register: this.registry });
    this.answers = new Histogram({
      name: 'originsign_http_answer_seconds',
      help: 'Time to answer by route and status',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
      registers: [this.registry],
    });
    this.#count(
      'signing_requests',
      'outcome',
      'Submissions by outcome: a state, or an error code',
      () => tally().outcomes,
    );
    this.#count('signatures', 'format', 'Signatures recorded, by format', () => tally().signatures);
    const underWay: Gauge = new Gauge({
      name: 'originsign_signatures_under_way',
      help: 'Signatures that were promised and are not finished',
      registers: [this.registry],
      collect: (): void => underWay.set(tally().underWay),
    });
    this.#policyFiles(tally);
  }

  #policyFiles(tally: () => Tally): void {
    const gauge: Gauge<'state'> = new Gauge({
      name: 'originsign_policy_files',
      help: 'Policy files by state: in force, with the last good version in force, refused',
      labelNames: ['state'],
      registers: [this.registry],
      collect: (): void => {
        for (const [state, count] of tally().policyFiles) gauge.set({ state }, count);
      },
    });
  }

  #count(name: string, label: string, help: string, read: () => ReadonlyMap<string, number>): void {
    const counter: Counter = new Counter({
      name: `originsign_${name}_total`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect: (): void => {
        counter.reset();
        for (const [value, count] of read()) counter.inc({ [label]: value }, count);
      },
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
