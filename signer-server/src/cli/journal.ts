import { pino, type Logger } from 'pino';
import { isOriginSignError } from '@originsign/core/errors/error';

/** Where log lines go; standard output where left out. */
export interface JournalOptions {
  readonly level?: string;
}

/**
 * One JSON object a line. Errors are written as code and message: causes and stacks of foreign libraries can hold what was
 * sent, so they are written for our own mistakes alone.
 */
export function createJournal(options: JournalOptions = {}): Logger {
  return pino({
    level: options.level ?? 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: ['pin', 'token', 'tokens', 'authorization', 'headers'], censor: '[secret]' },
  });
}

function describeError(error: unknown): object {
  if (isOriginSignError(error)) return { code: error.code, message: error.message, details: error.details };
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: typeof error };
}
