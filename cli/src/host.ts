import type { Terminal } from './status-line.ts';

/** What the command needs from the process that runs it. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Working directory, against which paths are resolved. Absolute. */
  readonly directory: string;
  now(): Date;
  /** Writes text to stdout. */
  out(text: string): void;
  /** Writes text to stderr. */
  err(text: string): void;
  /** Where a person watches stderr on a terminal that can redraw a line; left out for logs, pipes and continuous integration. */
  readonly terminal?: Terminal;
  /** Aborted when somebody wants the command to stop; from the first call on, stopping is up to the caller. */
  interruption(): AbortSignal;
}
