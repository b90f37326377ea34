import type { Command } from 'commander';
import { shortPath } from '@originsign/core/client/report-lines';
import { readTrustFile } from '@originsign/core/client/small-file';
import { filesFailure, reportJson, type FilesReport } from '@originsign/core/client/verification/files-report';
import { verifyFiles, type VerifyFilesOptions } from '@originsign/core/client/verification/verify-files';
import type { Json } from '@originsign/core/encoding/canonical-json';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import type { Expectations } from '@originsign/core/verify/expectations';
import { pathOf } from '../files.ts';
import type { Host } from '../host.ts';
import { NeededOption } from '../needed-option.ts';
import { collect, given, jsonOption, trustOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { row } from '../ui.ts';
import { skippedLines, verificationLines } from '../verification-lines.ts';

interface VerifyOptions extends Expectations {
  readonly trust: string;
  readonly format?: string;
  readonly receipt?: readonly string[];
  readonly provenance?: readonly string[];
  readonly recursive?: boolean;
  readonly requireSigned?: boolean;
  readonly trial?: boolean;
}

/** `originsign verify`. */
export function addVerify(parent: Command, host: Host, output: Output): void {
  const command = parent
    .command('verify')
    .description('verify signature, receipt, provenance and origin of files, offline')
    .argument('<files...>', 'signed files, or patterns; with --recursive also folders')
    .addOption(trustOption());
  addExpectations(command)
    .option('--recursive', 'take folders, and verify all that is signed in them')
    .option('--require-signed', 'fail on any file of a folder that could be signed and is not')
    .option('--format <format>', 'format whose signature counts; by content where left out')
    .option('--receipt <file>', 'receipt; those beside the file where left out; may be given several times', collect)
    .option('--provenance <file>', 'provenance, likewise', collect)
    .option('--trial', 'accept the trust file of a trial store')
    .addOption(jsonOption())
    .action(async (files: readonly string[], options: VerifyOptions) => {
      const trust = await readTrustFile(pathOf(host, options.trust));
      output.explainAt(trust.server);
      const warn = (message: string) => output.progress(row('warning', message));
      const report = await verifyFiles(optionsOf(files, options, trust, host), { clock: host, warn });
      output.result(outcome(report, host));
    });
}

function addExpectations(command: Command): Command {
  return command
    .addOption(
      new NeededOption(
        '--repository <uri>',
        'repository that the files must come from, such as https://github.com/acme/app',
      ),
    )
    .addOption(new NeededOption('--project <name>', 'project that they must have been signed for'))
    .option('--ref <ref>', 'ref that they must come from; * and ** are wildcards')
    .option('--workflow <path>', 'workflow file in that repository, or its whole URI')
    .option('--policy <name>', 'signing policy that must have allowed it')
    .option('--builder <uri>', 'SLSA builder id of the provenance; * and ** are wildcards');
}

function optionsOf(files: readonly string[], options: VerifyOptions, trust: TrustFile, host: Host): VerifyFilesOptions {
  const { repository, project, ref, workflow, policy, builder } = options;
  const optional = { ...given('ref', ref), ...given('workflow', workflow), ...given('policy', policy) };
  return {
    files,
    workingDirectory: host.directory,
    trust,
    expected: { repository, project, ...optional, ...given('builder', builder) },
    ...given('format', options.format),
    ...given('receipts', options.receipt),
    ...given('provenances', options.provenance),
    recursive: options.recursive === true,
    requireSigned: options.requireSigned === true,
    trial: options.trial === true,
  };
}

function outcome(report: FilesReport, host: Host): Outcome {
  const { files, skipped } = report;
  const shown = (path: string) => shortPath(path, host.directory);
  return {
    lines: [
      ...files.flatMap((file) => verificationLines(shown(file.path), file.report)),
      ...skippedLines(skipped.map(({ path, reason }) => ({ path: shown(path), reason }))),
    ],
    json: reportJson(report) as Json,
    ...given('failure', filesFailure(report)),
  };
}
