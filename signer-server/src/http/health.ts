import type { FastifyInstance } from 'fastify';

/** One thing that has to work before requests are taken. Resolves to `undefined`, or to a short reason without secrets. */
export type ReadinessCheck = () => Promise<string | undefined>;

/** `/healthz` says that the process answers; `/readyz` that it can sign: HSM, log and database. */
export function installHealth(http: FastifyInstance, checks: Readonly<Record<string, ReadinessCheck>>): void {
  http.get('/healthz', (_request, reply) => reply.send({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await check()) ?? 'ok'] as const),
    );
    const ready = results.every(([, result]) => result === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) });
  });
}
