import type { OriginSignError } from '../../errors/error.ts';
import type { Expectations } from '../../verify/expectations.ts';
import { CHECK_MEANINGS, type Check } from '../../verify/report.ts';
import { code, document, link, table, text } from '../markdown.ts';
import { originText, shortPath, timeText } from '../report-lines.ts';
import { fileFailure, type FilesReport, type FileVerification } from './files-report.ts';

/** Files whose checks are shown one by one; the JSON report has them all. */
const MOST_PANELS = 30;
/** Skipped files that are named. */
const MOST_SKIPPED = 50;

/** What the page says besides what was found out. */
export interface MarkdownContext {
  readonly expected: Expectations;
  /** Paths are shown as they lie below it. Absolute. */
  readonly workingDirectory: string;
  /** Server whose pages explain error codes. */
  readonly server: string;
}

/** The verification panel for the page of a job: files, checks, and what was expected, as inert Markdown. */
export function verificationMarkdown(report: FilesReport, context: MarkdownContext): string {
  const { files, skipped } = report;
  const failed = files.filter((file) => !file.report.verified);
  const verified = files.filter((file) => file.report.verified);
  // What failed is what somebody comes to read.
  const rows = [...failed, ...verified].map((file) => fileRow(file, context));
  return document([
    `### OriginSign: ${title(report)}`,
    ...(files.length === 0 ? [] : [table(HEADINGS, rows)]),
    `Expected ${expectedText(context.expected)}`,
    ...failed.slice(0, MOST_PANELS).map((file) => failedPanel(file, context)),
    ...verifiedPanel(verified, context),
    ...(skipped.length === 0 ? [] : [skippedBlock(report, context)]),
  ]);
}

/** Summary of a step that could not even look: an input is wrong, or a file cannot be read. */
export function unverifiedMarkdown(error: OriginSignError, server: string | undefined): string {
  const page = server === undefined ? code(error.code) : codeLink(error.code, server);
  return document([
    '### OriginSign: not verified',
    `${text(error.message)} (${page})`,
    ...(error.hint === undefined ? [] : [`**Hint:** ${text(error.hint)}`]),
  ]);
}

function title({ verified, files }: FilesReport): string {
  if (files.length === 0) return 'nothing was verified';
  const failed = files.filter(({ report }) => !report.verified).length;
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  return verified ? `${count} verified` : `${failed} of ${count} did not verify`;
}

const HEADINGS = ['File', 'Result', 'Origin', 'Signer', 'Timestamp'];

function fileRow(file: FileVerification, context: MarkdownContext): readonly string[] {
  const { path, report } = file;
  const name = code(shortPath(path, context.workingDirectory));
  const failure = fileFailure(file);
  if (failure !== undefined) return [name, `failed ${codeLink(failure.code, context.server)}`, '—', '—', '—'];
  const { origin, binding, signer, timestamp } = report;
  return [
    name,
    'verified',
    origin === undefined ? '—' : text(originText(origin, binding ?? 'proof')),
    signer === undefined ? '—' : text(signer.name),
    timestamp === undefined ? '—' : text(timeText(timestamp)),
  ];
}

/** Every check of one file. */
function failedPanel({ path, report }: FileVerification, context: MarkdownContext): string {
  return panel(
    `<details open><summary>${code(shortPath(path, context.workingDirectory))}</summary>`,
    report.checks,
    context,
  );
}

/** The checks that every verified file passed: the same for all, because they follow from what was expected. */
function verifiedPanel(verified: readonly FileVerification[], context: MarkdownContext): readonly string[] {
  const [first] = verified;
  if (first === undefined) return [];
  return [panel('<details><summary>What was verified</summary>', first.report.checks, context)];
}

function panel(head: string, checks: readonly Check[], context: MarkdownContext): string {
  const rows = checks.map((check) => checkRow(check, context));
  return [head, table(['Check', 'Result', 'Meaning'], rows), '</details>'].join('\n\n');
}

function checkRow(check: Check, context: MarkdownContext): readonly string[] {
  const { name, ok, detail = '', code: reason, hint } = check;
  if (ok) return [text(name), 'ok', text(CHECK_MEANINGS[name])];
  if (reason === undefined) return [text(name), 'not checked', 'because a check before it failed'];
  const advice = hint === undefined ? '' : `<br>**Hint:** ${text(hint)}`;
  return [text(name), `failed ${codeLink(reason, context.server)}`, `${text(detail)}${advice}`];
}

function codeLink(reason: string, server: string): string {
  return link(reason, `${server}/errors/${reason}`);
}

function expectedText(expected: Expectations): string {
  const given = Object.entries(expected).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.map(([name, value]) => `${text(name)} ${code(value)}`).join(', ');
}

function skippedBlock({ skipped }: FilesReport, { workingDirectory }: MarkdownContext): string {
  const shown = skipped
    .slice(0, MOST_SKIPPED)
    .map(({ path, reason }) => [code(shortPath(path, workingDirectory)), text(reason)]);
  const more = skipped.length > MOST_SKIPPED ? ['', `… and ${skipped.length - MOST_SKIPPED} more`] : [];
  return [
    `<details><summary>${skipped.length} skipped, nothing is said about them</summary>`,
    table(['File', 'Why'], shown),
    ...more,
    '</details>',
  ].join('\n\n');
}
