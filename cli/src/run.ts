import { CommanderError } from 'commander';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { withArgumentsFile } from './arguments-file.ts';
import { commandLineError } from './command-line-error.ts';
import type { Host } from './host.ts';
import { Output } from './output.ts';
import { buildProgram } from './program.ts';

/** Runs one command line and returns its exit status: 0 done, 1 unverified, 2 input, 3 denied, 4 waiting, 5 upstream. */
export async function runCli(given: readonly string[], host: Host): Promise<number> {
  let output = new Output(host, wantsJson(given));
  try {
    const words = await withArgumentsFile(given, host);
    output = new Output(host, wantsJson(words));
    await buildProgram(host, output).parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = asFailure(error, host);
    output.failure(failure);
    return failure.exitCode;
  }
}

function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end === -1 ? words : words.slice(0, end)).includes('--json');
}

function asFailure(error: unknown, host: Host): OriginSignError {
  if (isOriginSignError(error)) return error;
  if (error instanceof CommanderError) return commandLineError(error);
  if (host.environment['ORIGINSIGN_DEBUG'] === '1')
    host.err(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new OriginSignError('internal.error', 'Something failed inside that should not have.', {
    hint: 'run it again with ORIGINSIGN_DEBUG=1 and report what it prints',
    cause: error,
  });
}
