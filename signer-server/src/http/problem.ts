import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import { PROBLEM_MEDIA_TYPE, problemOf } from '@originsign/core/protocol/problem';

/** Fastify's own refusals and what they are called here. */
const FRAMEWORK_CODES: Readonly<Record<string, 'request.too_large' | 'request.media_type' | 'request.malformed'>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
};

/** Answers every error as RFC 9457 problem details; unknown ones as `internal.error` without their message. */
export function installProblemAnswers(http: FastifyInstance, serverUrl: string): void {
  http.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, serverUrl));
  http.setNotFoundHandler((request, reply) =>
    sendProblem(
      new OriginSignError('request.not_found', `There is no ${request.method} resource at this path.`),
      request,
      reply,
      serverUrl,
    ),
  );
}

/** Answers what the router refuses before any handler is found: its own answers would repeat the path, whatever is in it. */
export function routerProblem(
  serverUrl: string,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  const refusal = new OriginSignError('request.not_found', 'There is no resource at this path.');
  return (_error, request, reply) => {
    // No hook runs for what the router refuses.
    void reply.header('x-content-type-options', 'nosniff').header('x-request-id', request.id);
    void sendProblem(refusal, request, reply, serverUrl);
  };
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, serverUrl: string): FastifyReply {
  const known = error instanceof OriginSignError ? error : frameworkError(error);
  if (known.status >= 500) request.log.error({ err: error, code: known.code }, 'request failed');
  else request.log.info({ code: known.code, reason: known.message }, 'request refused');
  if (known.retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(known.retryAfter)));
  else if (known.status === 503 || known.status === 429) void reply.header('retry-after', '2');
  if (known.code === 'request.clock') void reply.header('date', new Date().toUTCString());
  return reply
    .code(known.status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemOf(known, serverUrl, request.id)));
}

function frameworkError(error: unknown): OriginSignError {
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  const known = code === undefined ? undefined : FRAMEWORK_CODES[code];
  if (known !== undefined) return new OriginSignError(known, 'The request cannot be read as it was sent.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new OriginSignError('request.malformed', 'The request cannot be read as it was sent.');
  }
  return new OriginSignError('internal.error', 'The server failed in a way that it should not.', { cause: error });
}
