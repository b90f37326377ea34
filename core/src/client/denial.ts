import type { OriginSignError } from '../errors/error.ts';
import { denialHint } from '../policy/explain.ts';
import { decisionTraceSchema, type Evaluation } from '../protocol/signing-request.ts';
import type { DecisionTrace } from '../protocol/trace.ts';

/** The trace in `details.trace` of a refusal, `undefined` where there is none that can be read. */
export function traceOf(error: OriginSignError): DecisionTrace | undefined {
  const parsed = decisionTraceSchema.safeParse(error.details?.['trace']);
  return parsed.success ? wireTrace(parsed.data) : undefined;
}

/** A trace from the wire, which may say more than this client knows. */
export function wireTrace(trace: Evaluation['trace']): DecisionTrace {
  return trace as DecisionTrace;
}

/** What to do about an error: its own hint, else one that follows from the failed conditions of a denial. */
export function hintOf(error: OriginSignError): string | undefined {
  const trace = traceOf(error);
  return error.hint ?? (trace === undefined ? undefined : denialHint(trace));
}
