import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** How a process ended, and all that it printed. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that was started here and is stopped by its pid. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Everything printed so far, both streams in order of arrival. */
  output(): string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<Outcome>;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** Starts a program with exactly this environment. */
export function startChild(program: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = { stdout: '', stderr: '', both: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    parts.stdout += text;
    parts.both += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    parts.stderr += text;
    parts.both += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout: parts.stdout, stderr: parts.stderr }));
  });
  // Whoever awaits `ended` sees the error; a child that nobody awaits must not end the process that started it.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    process: child,
    output: () => parts.both,
    ended,
    stop: (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

/** Runs a program to its end. */
export function runChild(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  return startChild(program, args, options).ended;
}
