import type { FastifyInstance } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import type { UseCases } from './use-cases.ts';

/** The public part of the log (C2SP tlog-tiles): checkpoint and tiles of hashes. */
export function installLogRoutes(http: FastifyInstance, useCases: UseCases): void {
  http.get<{ Params: { '*': string } }>('/log/*', async (request, reply) => {
    const file = await useCases.logFile(request.params['*']);
    if (file === undefined) throw new OriginSignError('request.not_found', 'The log has no such file.');
    return reply
      .type(file.contentType)
      .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .send(Buffer.from(file.body));
  });
}
