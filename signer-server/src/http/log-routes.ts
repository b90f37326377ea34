import type { FastifyInstance } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import type { UseCases } from './use-cases.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';

/** The public part of the log (C2SP tlog-tiles): checkpoint and tiles of hashes. Entries are for auditors. */
export function installLogRoutes(http: FastifyInstance, useCases: UseCases): void {
  http.get('/log/checkpoint', async (_request, reply) => {
    const checkpoint = await useCases.checkpoint();
    if (checkpoint === undefined) throw new OriginSignError('request.not_found', 'The log has no checkpoint yet.');
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint);
  });
  http.get('/log/tile/entries/*', () => {
    throw new OriginSignError('access.role', 'Entries of the log are not public.');
  });
  http.get<{ Params: { '*': string } }>('/log/tile/*', async (request, reply) => {
    const tile = await useCases.tile(request.params['*']);
    if (tile === undefined) throw new OriginSignError('request.not_found', 'The log has no such tile.');
    return reply.type('application/octet-stream').header('cache-control', IMMUTABLE).send(Buffer.from(tile));
  });
}
