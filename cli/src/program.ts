import { Command } from 'commander';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLogVerify } from './commands/log-verify.ts';
import { addPolicyCheck } from './commands/policy-check.ts';
import { addPolicyExplain } from './commands/policy-explain.ts';
import { addPolicyReplay } from './commands/policy-replay.ts';
import { addPolicyTest } from './commands/policy-test.ts';
import { addRequestsDecide } from './commands/requests-decide.ts';
import { addRequestsList } from './commands/requests-list.ts';
import { addRequestsShow } from './commands/requests-show.ts';
import { addSign } from './commands/sign.ts';
import { addTrustExport } from './commands/trust-export.ts';
import { addTrustUpdate } from './commands/trust-update.ts';
import { addVerify } from './commands/verify.ts';
import type { Host } from './host.ts';
import { refuseMissingOptions } from './needed-option.ts';
import type { Output } from './output.ts';
import { VERSION } from './version.ts';

/** The whole command line. Parsing throws a `CommanderError` instead of ending the process; help goes to the host. */
export function buildProgram(host: Host, output: Output): Command {
  const program = new Command('originsign')
    .description('Code signing that starts from where the code came from')
    .version(VERSION, '--version', 'print the version')
    .option('--json-file <file>', 'write the one JSON document of --json to this file, and the lines as ever');
  // Subcommands inherit these only where they are set before the subcommand is made.
  program.exitOverride().configureOutput({
    writeOut: (text) => host.out(text),
    writeErr: (text) => host.err(text),
    outputError: () => undefined,
  });
  program.hook('preAction', (_, command) => {
    output.keepJsonIn(program.opts<{ readonly jsonFile?: string }>().jsonFile);
    refuseMissingOptions(command);
  });
  addSign(program, host, output);
  addVerify(program, host, output);
  const requests = program.command('requests').description('approve or deny what waits for people');
  addRequestsList(requests, host, output);
  addRequestsShow(requests, host, output);
  addRequestsDecide(requests, 'approve', host, output);
  addRequestsDecide(requests, 'deny', host, output);
  const policy = program.command('policy').description('check, test and explain signing policies');
  addPolicyCheck(policy, host, output);
  addPolicyTest(policy, host, output);
  addPolicyExplain(policy, host, output);
  addPolicyReplay(policy, host, output);
  const log = program.command('log').description('check the transparency log');
  addLogVerify(log, host, output);
  const trust = program.command('trust').description('keep the trust file that verification pins');
  addTrustExport(trust, host, output);
  addTrustUpdate(trust, host, output);
  addDoctor(program, host, output);
  addCompletion(program, output);
  return program;
}
