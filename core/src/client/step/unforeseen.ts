import { OriginSignError } from '../../errors/error.ts';
import type { StepHost } from './step-host.ts';

/** What a person reads where the step itself is wrong; the rest is for a run in debug mode. */
export function unforeseen(error: unknown, host: StepHost): OriginSignError {
  host.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new OriginSignError('internal.error', 'The step failed in a way that it should not.', {
    hint: 'run the job again with debug logging and report what it prints',
    cause: error,
  });
}
