import type { OriginSignError } from '@originsign/core/errors/error';
import type { ErrorCode } from '@originsign/core/errors/codes';
import { explainDecision } from '@originsign/core/policy/explain';
import type { DecisionTrace } from '@originsign/core/protocol/trace';
import type { RequestRow } from '../store/database.ts';
import type { Ending } from './end-request.ts';
import { storedOrigin } from './stored-request.ts';
import { jsonHash } from './trace-hash.ts';

/** Why a request is refused that was accepted before. */
interface LateReason {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly trace?: DecisionTrace | undefined;
}

/** The end of a request that was accepted, and is refused now that it is decided again. */
export function lateDenial(request: RequestRow, { code, detail, trace }: LateReason): Ending {
  const { id: requestId, project, policy, system } = request;
  const rule = trace?.rule;
  return {
    to: 'denied',
    code,
    detail,
    entry: {
      type: 'DENIAL',
      requestId,
      project,
      policy,
      system,
      code,
      ...(rule === undefined ? {} : { rule }),
      ...(trace === undefined ? {} : { traceSha256: jsonHash(trace) }),
      repositoryId: storedOrigin(request).repository.id,
    },
  };
}

/** {@link lateDenial} for an error, with the conditions that failed where it is one of policy. */
export function lateDenialBy(request: RequestRow, { code, message, details }: OriginSignError): Ending {
  const trace = details?.['trace'] as DecisionTrace | undefined;
  const detail = trace === undefined ? message : explainDecision(trace).join('\n');
  return lateDenial(request, { code, detail, trace });
}

/** The end of a request whose time is over. */
export function expiry(requestId: string, detail = 'The request was not finished before its deadline.'): Ending {
  return { to: 'expired', code: 'request.expired', detail, entry: { type: 'EXPIRY', requestId } };
}
