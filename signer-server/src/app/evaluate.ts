import type { Evaluation } from '@originsign/core/protocol/signing-request';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import { authenticate, knowAsker } from './admit.ts';
import type { Context } from './context.ts';
import { decide, withoutPerson } from './decide.ts';
import { receiveSubmission } from './receive.ts';

/** The decision on a request and why, with nothing consumed, locked, logged or signed. Denied is an answer here, not an error. */
export async function evaluate(running: Context, call: ReceivedCall): Promise<Evaluation> {
  const policies = running.policies();
  const context: Context = { ...running, policies: () => policies };
  const submission = await authenticate(context, receiveSubmission(call.body), call);
  const { project, asker } = await knowAsker(context, submission);
  const { decision, trace } = decide(project, submission.statement, asker, context.now());
  return {
    decision,
    origin: withoutPerson(asker.origin),
    binding: asker.binding,
    trace,
  } as unknown as Evaluation;
}
