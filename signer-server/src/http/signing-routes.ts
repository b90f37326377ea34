import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import { isRequestId } from '@originsign/core/attestation/request-id';
import { EVALUATIONS_PATH, LIMITS, SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import { receivedCall } from './received-call.ts';
import type { UseCases } from './use-cases.ts';

interface ById {
  Params: { id: string };
  Querystring: { wait?: string };
}

/** `/v1/signing-requests` and `/v1/evaluations`: every call carries a request signature by the one-use key. */
export function installSigningRoutes(http: FastifyInstance, useCases: UseCases): void {
  http.post(SIGNING_REQUESTS_PATH, async (request, reply) =>
    answer(reply, await useCases.submit(receivedCall(request), LIMITS.answerWithin)),
  );
  http.get<ById>(`${SIGNING_REQUESTS_PATH}/:id`, async (request, reply) => {
    const { id, wait } = byId(request);
    return answer(reply, await useCases.follow(id, receivedCall(request), wait));
  });
  http.post<ById>(`${SIGNING_REQUESTS_PATH}/:id/cancel`, async (request, reply) =>
    answer(reply, await useCases.cancel(byId(request).id, receivedCall(request))),
  );
  http.post(EVALUATIONS_PATH, async (request, reply) => reply.send(await useCases.evaluate(receivedCall(request))));
}

function byId(request: FastifyRequest<ById>): { id: string; wait: number } {
  const { id } = request.params;
  if (!isRequestId(id)) throw new OriginSignError('request.not_found', 'There is no such signing request.');
  const text = request.query.wait ?? '0';
  const wait = Number(text);
  if (!/^\d{1,3}$/.test(text) || wait > LIMITS.longestWait) {
    throw new OriginSignError('input.invalid', `wait must be a number of seconds up to ${LIMITS.longestWait}.`);
  }
  return { id, wait };
}

function answer(reply: FastifyReply, view: SigningRequestView): FastifyReply {
  const pending = view.state === 'signing' || view.state === 'waiting_for_approval';
  void reply.header('cache-control', 'no-store');
  if (!pending) return reply.send(view);
  return reply
    .code(202)
    .header('location', `${SIGNING_REQUESTS_PATH}/${view.id}`)
    .header('retry-after', '1')
    .send(view);
}
