import type { Command } from 'commander';
import { parseDuration } from '@originsign/core/client/duration';
import { dryRunLines } from '@originsign/core/client/report-lines';
import {
  evaluateFiles,
  signFiles,
  type DryRunResult,
  type SignOptions,
  type SignPorts,
  type SignResult,
} from '@originsign/core/client/sign';
import { shortRequestId } from '@originsign/core/attestation/request-id';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { Option } from 'commander';
import type { Host } from '../host.ts';
import { NeededOption } from '../needed-option.ts';
import { withNetwork } from '../network.ts';
import { caFileOption, collect, given, jsonOption, parseAssignments, serverOf, serverOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { watchSigning } from '../sign-progress.ts';
import { row } from '../ui.ts';

interface SignCommandOptions {
  readonly server?: string;
  readonly project: string;
  readonly policy: string;
  readonly format: string;
  readonly formatOption?: readonly string[];
  readonly outputDirectory?: string;
  readonly description?: string;
  readonly parameter?: readonly string[];
  readonly wait: boolean;
  readonly timeout: string;
  readonly onTimeout: 'cancel' | 'leave';
  readonly dryRun?: boolean;
  readonly caFile?: string;
  readonly json?: boolean;
}

/** `originsign sign`. */
export function addSign(parent: Command, host: Host, output: Output): void {
  parent
    .command('sign')
    .description('sign files from the origin of this CI job')
    .argument('<files...>', 'patterns; ! takes away what earlier ones matched')
    .addOption(serverOption())
    .addOption(new NeededOption('--project <name>', 'project that the repository is linked to'))
    .addOption(new NeededOption('--policy <name>', 'signing policy of the project'))
    .option('--format <format>', 'auto: by content; or ids of formats, the first that fits', 'auto')
    .option('--format-option <format.option=value>', 'choice for one format; may be given several times', collect)
    .option('-o, --output-directory <folder>', 'where signed files go; in place where left out')
    .option('--description <text>', 'for the people who approve')
    .option('--parameter <name=value>', 'fact that a policy may look at; may be given several times', collect)
    .option('--no-wait', 'return as soon as the server has the request')
    .option('--timeout <duration>', 'how long to wait for everything', '60m')
    .addOption(
      new Option('--on-timeout <what>', 'what happens to the request then')
        .choices(['cancel', 'leave'])
        .default('cancel'),
    )
    .option('--dry-run', 'ask for the decision and sign nothing')
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (files: readonly string[], options: SignCommandOptions) => {
      output.result(await sign(files, options, host, output));
    });
}

async function sign(
  files: readonly string[],
  options: SignCommandOptions,
  host: Host,
  output: Output,
): Promise<Outcome> {
  const request = signOptions(files, options, host);
  output.explainAt(request.server);
  const progress = watchSigning(host, options.json === true);
  const { events } = progress;
  try {
    return await withNetwork(host, { ...given('caFile', options.caFile), events }, async (runtime) => {
      const { fetch, clock } = runtime;
      const ports: SignPorts = { fetch, clock, events, tokens: runtime.tokens(), signal: host.interruption() };
      if (options.dryRun === true) return dryRunOutcome(await evaluateFiles(request, ports));
      return signOutcome(await signFiles(request, ports), progress.results);
    });
  } finally {
    progress.close();
  }
}

function signOptions(files: readonly string[], options: SignCommandOptions, host: Host): SignOptions {
  const { project, policy, format, wait, onTimeout } = options;
  const parameters = options.parameter && Object.fromEntries(parseAssignments(options.parameter, '--parameter'));
  return {
    server: serverOf(options.server, host),
    project,
    policy,
    files,
    workingDirectory: host.directory,
    format,
    wait,
    onTimeout,
    timeout: parseDuration(options.timeout, 'timeout'),
    ...given('formatOptions', options.formatOption),
    ...given('outputDirectory', options.outputDirectory),
    ...given('description', options.description),
    ...given('parameters', parameters),
  };
}

function signOutcome(result: SignResult, lines: readonly string[]): Outcome {
  const { id, url, status, ...rest } = result;
  const pending = row(status.replaceAll('_', ' '), shortRequestId(id), url);
  return {
    lines: status === 'completed' ? lines : [pending],
    json: { requestId: id, requestUrl: url, status, ...rest } as unknown as Json,
  };
}

function dryRunOutcome(result: DryRunResult): Outcome {
  const { decision, origin, binding, trace } = result.evaluation;
  const denied = new OriginSignError('policy.denied', `denied by ${trace.project}/${trace.policy}`);
  return {
    lines: dryRunLines(result),
    json: { decision, origin, binding, trace, files: result.files } as unknown as Json,
    ...(decision === 'deny' ? { failure: denied } : {}),
  };
}
