import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isRequestId } from '@originsign/core/attestation/request-id';
import { OriginSignError } from '@originsign/core/errors/error';
import { approvalsPath } from '@originsign/core/protocol/approval-view';
import { SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { receivedCall } from './received-call.ts';
import type { ApproverCall, UseCases } from './use-cases.ts';

interface ById {
  Params: { id: string };
}

/** What people see who may approve, and what they decide. Nobody of them has the one-use key; their SSH keys sign instead. */
export function installApprovalRoutes(http: FastifyInstance, useCases: UseCases): void {
  http.get(SIGNING_REQUESTS_PATH, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await useCases.listWaiting(approverCall(request))),
  );
  http.get<ById>(approvalsPath(':id'), async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await useCases.showApprovals(idOf(request), approverCall(request))),
  );
  http.post<ById>(approvalsPath(':id'), async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await useCases.approve(idOf(request), receivedCall(request).body)),
  );
}

function approverCall(request: FastifyRequest): ApproverCall {
  const { method, path } = receivedCall(request);
  return { method, path, authorization: request.headers.authorization };
}

function idOf({ params: { id } }: FastifyRequest<ById>): string {
  if (isRequestId(id)) return id;
  throw new OriginSignError('request.not_found', 'There is no such signing request.');
}
