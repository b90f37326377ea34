import type { FastifyInstance } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import { isRequestId, shortRequestId } from '@originsign/core/attestation/request-id';
import { openApiDocument } from './openapi.ts';
import { html, sendPage } from './page.ts';
import type { UseCases } from './use-cases.ts';

/** What anyone may read: the trust file, the description of the API and the status page of a request. */
export function installPublicRoutes(http: FastifyInstance, useCases: UseCases, serverUrl: string): void {
  const openApi = JSON.stringify(openApiDocument(serverUrl));
  http.get('/v1/openapi.json', (_request, reply) => reply.type('application/json').send(openApi));
  http.get('/v1/trust', async (_request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await useCases.trust()),
  );
  http.get<{ Params: { id: string } }>('/requests/:id', async (request, reply) => {
    const { id } = request.params;
    const status = isRequestId(id) ? await useCases.status(id) : undefined;
    if (status === undefined) throw new OriginSignError('request.not_found', 'There is no such signing request.');
    const rows = [
      ['Request', status.id],
      ['State', status.state.replaceAll('_', ' ')],
      ['Project', `${status.project} / ${status.policy}`],
      ['Artifacts', String(status.artifacts)],
      ['Created', status.createdAt],
      ['Last change', status.updatedAt],
    ] as const;
    return sendPage(
      reply.header('cache-control', 'no-store'),
      `${shortRequestId(id)} · OriginSign`,
      html`<h1>Signing request ${shortRequestId(id)}</h1>
        <table>
          ${rows.map(
            ([name, value]) =>
              html`<tr>
                <th>${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </table>`,
    );
  });
}
