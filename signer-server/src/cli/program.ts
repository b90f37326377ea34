import { Command, CommanderError } from 'commander';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { VERSION } from '../app/version.ts';
import { addDoctor } from './doctor.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addLog } from './log.ts';
import { addRequests } from './requests.ts';
import type { Listen } from './serve.ts';
import { addStore } from './store.ts';
import { addTokens } from './tokens.ts';
import { addTrust } from './trust.ts';
import { configOption } from './config-option.ts';

/** What the commands need from outside. */
export interface CommandPorts {
  readonly listen: Listen;
}

/** Runs one command and returns its exit status: 0 done, 1 verification failed, 2 input, 5 upstream. */
export async function runCommandLine(args: readonly string[], ports: CommandPorts): Promise<number> {
  try {
    await createProgram(ports).parseAsync([...args], { from: 'user' });
    // A command that did its work may still have found something wrong.
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    return reportError(error);
  }
}

/** The command with all its subcommands. */
function createProgram(ports: CommandPorts): Command {
  const program = new Command('originsign-server')
    .description('The signer: checks origin against policy, signs through an HSM, logs before it releases')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  addInit(program);
  program
    .command('serve')
    .description('serve the API until SIGTERM')
    .addOption(configOption())
    .option('--expect-log <size:root>', 'accept a store whose high-water mark is lost, if it has this size and root')
    .action(async (options: { config: string; expectLog?: string }) => {
      // HTTP and the network make up half of the start, and no other command needs them.
      const [{ serve }, { createJournal }] = await Promise.all([import('./serve.ts'), import('./journal.ts')]);
      await serve(options, ports.listen, createJournal());
    });
  addKeys(program);
  addTokens(program);
  addTrust(program);
  addStore(program);
  addLog(program);
  addRequests(program);
  addDoctor(program);
  for (const command of program.commands) inherit(command);
  return program;
}

function inherit(command: Command): void {
  command.exitOverride().showSuggestionAfterError();
  for (const child of command.commands) inherit(child);
}

function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = isOriginSignError(error)
    ? error
    : new OriginSignError('internal.error', error instanceof Error ? error.message : 'Something failed.');
  process.stderr.write(`error: ${known.message} [${known.code}]\n`);
  if (known.hint !== undefined) process.stderr.write(`hint: ${known.hint}\n`);
  return known.exitCode;
}
