import type { FastifyInstance } from 'fastify';
import { CODE_TABLE, isErrorCode } from '@originsign/core/errors/codes';
import { OriginSignError } from '@originsign/core/errors/error';
import { html, sendPage } from './page.ts';

/** `/errors/{code}`: what a code means and what to do, for people who follow the link in an error. */
export function installErrorPages(http: FastifyInstance): void {
  http.get<{ Params: { code: string } }>('/errors/:code', (request, reply) => {
    const { code } = request.params;
    if (!isErrorCode(code)) throw new OriginSignError('request.not_found', 'There is no such error code.');
    const entry = CODE_TABLE[code];
    const hint = entry.hint === undefined ? [] : [html`<p>What to do: ${entry.hint}.</p>`];
    const retry = entry.retryable ? 'The same call may succeed later.' : 'The same call will be refused again.';
    return sendPage(
      reply,
      `${code} · OriginSign`,
      html`<h1><code>${code}</code></h1>
        <p>${entry.title}</p>
        ${hint}
        <p>${retry} HTTP status ${entry.status}, exit status of the command ${entry.exit}.</p>`,
    );
  });
}
