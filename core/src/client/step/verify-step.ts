import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import { systemClock } from '../clock.ts';
import { plainText } from '../plain-text.ts';
import { errorLines, shortPath } from '../report-lines.ts';
import { readTrustFile } from '../small-file.ts';
import {
  fileFailure,
  filesFailure,
  reportJson,
  type FilesReport,
  type FileVerification,
} from '../verification/files-report.ts';
import { unverifiedMarkdown, verificationMarkdown } from '../verification/verification-markdown.ts';
import { verificationRows } from '../verification/verification-rows.ts';
import { verifyFiles } from '../verification/verify-files.ts';
import type { StepHost } from './step-host.ts';
import { unforeseen } from './unforeseen.ts';
import { readVerifyInputs, type VerifyStep } from './verify-inputs.ts';
import { filesOutput } from './verify-outputs.ts';

/** Runs a verify step on any CI platform and returns its exit status. Never throws, and asks nobody over a network. */
export async function runVerifyStep(host: StepHost): Promise<number> {
  let server: string | undefined;
  try {
    const step = readVerifyInputs(host);
    const trust = await readTrustFile(resolve(host.workingDirectory, step.trust));
    server = trust.server;
    const warn = (message: string) => host.annotate('warning', 'OriginSign', plainText(message));
    const report = await verifyFiles({ ...step.options, trust }, { clock: systemClock, warn });
    await tell({ report, step, server }, host);
    return filesFailure(report)?.exitCode ?? 0;
  } catch (error) {
    return fail(isOriginSignError(error) ? error : unforeseen(error, host), host, server);
  }
}

interface Finding {
  readonly report: FilesReport;
  readonly step: VerifyStep;
  readonly server: string;
}

/** Tells later steps and people: each file in the log, and one annotation for each that failed. */
async function tell({ report, step, server }: Finding, host: StepHost): Promise<void> {
  const { workingDirectory } = host;
  host.output('verified', String(report.verified));
  host.output('files', filesOutput(report, workingDirectory));
  for (const file of report.files) for (const line of linesOf(file, workingDirectory)) host.print(line);
  for (const { path, reason } of report.skipped) {
    host.print(plainText(`skipped   ${shortPath(path, workingDirectory)}  ${reason}`));
  }
  for (const [name, failure] of failuresOf(report, workingDirectory)) {
    host.annotate('error', `OriginSign: ${plainText(name)} not verified`, errorLines(failure, server).join('\n'));
  }
  await host.summary(verificationMarkdown(report, { expected: step.options.expected, workingDirectory, server }));
  host.output('report', await writeReport(report, host));
}

/** What failed, by the name that the annotation gives it; where nothing was verified at all, that. */
function failuresOf(report: FilesReport, workingDirectory: string): readonly (readonly [string, OriginSignError])[] {
  const whole = filesFailure(report);
  if (report.files.length === 0) return whole === undefined ? [] : [['the folder', whole]];
  return report.files.flatMap((file) => {
    const failure = fileFailure(file);
    return failure === undefined ? [] : [[shortPath(file.path, workingDirectory), failure] as const];
  });
}

function linesOf({ path, report }: FileVerification, workingDirectory: string): readonly string[] {
  const { facts, checks } = verificationRows(report);
  const word = report.verified ? 'verified' : 'failed  ';
  const rows = [...facts, ...checks].map((cells) => `  ${cells.map((cell) => cell.padEnd(10)).join('  ')}`.trimEnd());
  return [`${word}  ${shortPath(path, workingDirectory)}  ${report.format ?? ''}`.trimEnd(), ...rows].map((line) =>
    plainText(line),
  );
}

/** A folder of its own, so that nothing that lies in the temporary folder decides where the report goes. */
async function writeReport(report: FilesReport, { environment }: StepHost): Promise<string> {
  const temporary = environment['RUNNER_TEMP'] ?? environment['AGENT_TEMPDIRECTORY'] ?? tmpdir();
  try {
    const path = join(await mkdtemp(join(temporary, 'originsign-')), 'verification.json');
    await writeFile(path, `${JSON.stringify(reportJson(report), undefined, 2)}\n`);
    return path;
  } catch (cause) {
    throw new OriginSignError('input.file', `The report cannot be written to "${temporary}".`, { cause });
  }
}

async function fail(error: OriginSignError, host: StepHost, server: string | undefined): Promise<number> {
  host.output('verified', 'false');
  host.annotate('error', 'OriginSign: not verified', errorLines(error, server).join('\n'));
  if (error.cause instanceof Error) host.debug(`cause: ${error.cause.name}: ${error.cause.message}`);
  await host.summary(unverifiedMarkdown(error, server));
  return error.exitCode;
}
