import { shortRequestId } from '../attestation/request-id.ts';
import type { OriginSignError } from '../errors/error.ts';
import { explainDecision } from '../policy/explain.ts';
import type { Evaluation, SigningRequestView } from '../protocol/signing-request.ts';
import { hintOf, traceOf, wireTrace } from './denial.ts';
import { plainText } from './plain-text.ts';
import { timeText } from './report-lines.ts';
import type { DryRunResult, SignResult } from './sign.ts';
import type { SignedFile } from './signed-file.ts';

/** Rows that anybody scrolls through; the JSON output has them all. */
const MOST_ROWS = 200;

/** Summary of a signing for the page of a job: GitHub-flavoured Markdown, with everything foreign made inert. */
export function signedMarkdown(result: SignResult): string {
  const count = `${result.files.length} ${result.files.length === 1 ? 'file' : 'files'} signed`;
  const title = result.files.length > 0 ? count : `Request is ${result.status.replaceAll('_', ' ')}`;
  return document([
    `### OriginSign: ${title}`,
    ...(result.files.length === 0 ? [] : [table(HEADINGS, result.files.map(fileRow))]),
    originLine(result.origin, result.binding),
    `Request ${link(shortRequestId(result.id), result.url)}${proofText(result)}`,
  ]);
}

const HEADINGS = ['File', 'Format', 'Key', 'Timestamp', 'Covered digest'];

function fileRow(file: SignedFile): readonly string[] {
  const { algorithm, value } = file.coveredDigest;
  return [
    code(file.name),
    text(file.format),
    text(file.key.label),
    file.timestamp === undefined ? '—' : text(timeText(file.timestamp)),
    `<code title="${text(value)}">${text(algorithm)}:${text(value.slice(0, 12))}…</code>`,
  ];
}

function proofText({ id, receiptPath }: SignResult): string {
  if (receiptPath === undefined) return '';
  const stem = `originsign-${shortRequestId(id)}`;
  return ` · receipt ${code(`${stem}.tlog-proof`)} · provenance ${code(`${stem}.provenance.sigstore.json`)}`;
}

/** Summary of a failure: what, the failed conditions of a denial, and what to do. */
export function failureMarkdown(error: OriginSignError, server?: string): string {
  const trace = traceOf(error);
  const hint = hintOf(error);
  const title = trace === undefined ? 'not signed' : `denied by ${trace.project}/${trace.policy}`;
  const page = server === undefined ? code(error.code) : link(error.code, `${server}/errors/${error.code}`);
  return document([
    `### OriginSign: ${text(title)}`,
    `${text(error.message)} (${page})`,
    ...(trace === undefined ? [] : [block(explainDecision(trace))]),
    ...(hint === undefined ? [] : [`**Hint:** ${text(hint)}`]),
  ]);
}

/** Summary of a dry run. */
export function dryRunMarkdown({ evaluation, files }: DryRunResult): string {
  const { decision, trace, origin, binding } = evaluation;
  const rows = files.map((file) => [code(file.name), text(file.format), code(file.coveredDigest.value)]);
  return document([
    `### OriginSign: dry run, ${decision === 'allow' ? 'would be allowed' : 'would be denied'}`,
    block(explainDecision(wireTrace(trace), { all: decision === 'allow' })),
    'Nothing was signed.',
    table(['File', 'Format', 'Covered digest'], rows),
    originLine(origin, binding),
  ]);
}

/** Lines whose columns are aligned. */
function block(lines: readonly string[]): string {
  return `<pre>${lines.map((line) => text(line)).join('\n')}</pre>`;
}

function originLine(origin: SigningRequestView['origin'], binding: Evaluation['binding']): string {
  const { repository, commit, ref, run } = origin;
  const name = `${repository.uri.replace(/^https?:\/\//, '')}@${commit.slice(0, 7)}`;
  const runText = `run ${run.id}`;
  return `Origin ${link(name, repository.uri)} ${code(ref)}, ${link(runText, run.uri)} attempt ${run.attempt} (${binding})`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length > MOST_ROWS ? [`\n… and ${rows.length - MOST_ROWS} more`] : [];
  return [row(headings), row(headings.map(() => '---')), ...rows.slice(0, MOST_ROWS).map(row), ...more].join('\n');
}

function document(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}

/** Every character that Markdown or HTML could read as theirs becomes a reference, which they show as it is. */
function text(value: string): string {
  return plainText(value).replace(/[^\p{L}\p{N} ,:;/=?%…—-]/gu, (character) => `&#${character.codePointAt(0) ?? 32};`);
}

function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

function link(label: string, target: string): string {
  if (!URL.canParse(target)) return text(label);
  const url = new URL(target);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return text(label);
  return `<a href="${url.href.replace(/["'<>&`]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}">${text(label)}</a>`;
}
