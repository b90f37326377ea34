import type { OriginSignError } from '../errors/error.ts';
import type { SignEvent } from './events.ts';
import type { DryRunResult } from './sign.ts';

/** Lines of plain text for one event, as surface.md section 4 shows them; none for events that people need not see. */
export function eventLines(event: SignEvent): readonly string[] {
  return [event.kind];
}

/** `error:`, the failed conditions of a denial, `hint:` and `see:` for one error. `server` is the configured URL. */
export function errorLines(error: OriginSignError, server?: string): readonly string[] {
  return [error.message, server ?? ''];
}

/** Decision and conditions of a dry run. */
export function dryRunLines(result: DryRunResult): readonly string[] {
  return [result.evaluation.decision];
}
