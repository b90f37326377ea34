import type { Evaluation } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { authenticate } from './admit.ts';
import type { Context } from './context.ts';
import { decide, linkedProject, withoutPerson } from './decide.ts';
import { receiveSubmission } from './receive.ts';

/** The decision on a request and why, with nothing consumed, locked, logged or signed. Denied is an answer here, not an error. */
export async function evaluate(context: Context, call: ReceivedCall): Promise<Evaluation> {
  const submission = await authenticate(context, receiveSubmission(call.body), call);
  const { statement, asker } = submission;
  const now = context.now();
  const project = linkedProject(context.policies().projects, statement.project, asker);
  if (project === undefined) return context.strangers.refuse(asker.system, asker.origin.repository.id, now);
  const { decision, trace } = decide(project, statement, asker, now);
  return {
    decision,
    origin: withoutPerson(asker.origin),
    binding: asker.binding,
    trace,
  } as unknown as Evaluation;
}
