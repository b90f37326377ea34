import { shortRequestId } from '../attestation/request-id.ts';
import type { OriginSignError } from '../errors/error.ts';
import { conditionWords, explainDecision } from '../policy/explain.ts';
import type { Evaluation, SigningRequestView } from '../protocol/signing-request.ts';
import type { DecisionTrace } from '../protocol/trace.ts';
import { hintOf, traceOf, wireTrace } from './denial.ts';
import { errorPage } from './error-page.ts';
import { block, code, link, text, document, table } from './markdown.ts';
import { timeText } from './report-lines.ts';
import type { DryRunResult, SignResult } from './sign.ts';
import type { SignedFile } from './signed-file.ts';

/** Summary of a signing for the page of a job: GitHub-flavoured Markdown, with everything foreign made inert. */
export function signedMarkdown(result: SignResult): string {
  const count = `${result.files.length} ${result.files.length === 1 ? 'file' : 'files'} signed`;
  const title = result.files.length > 0 ? count : `Request is ${result.status.replaceAll('_', ' ')}`;
  return document([
    `### OriginSign: ${title}`,
    ...(result.files.length === 0 ? [] : [table(HEADINGS, result.files.map(fileRow))]),
    table(['Verified', ''], panelRows(result)),
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

/** What somebody looks at who asks whether this signature is what it should be. */
function panelRows(result: SignResult): readonly (readonly string[])[] {
  const { id, url, origin, binding, project, policy, rule, files, log } = result;
  const stem = `originsign-${shortRequestId(id)}`;
  const proofs = `receipt ${code(`${stem}.tlog-proof`)}, provenance ${code(`${stem}.provenance.sigstore.json`)}`;
  const ruled = rule === undefined ? '' : `, rule ${code(rule)}`;
  return [
    ['Origin', originText(origin)],
    ['Run', runText(origin)],
    ['Token', BINDINGS[binding]],
    ['Policy', `${code(`${project}/${policy}`)}${ruled}`],
    ['Request', link(shortRequestId(id), url)],
    ...(files.length === 0 ? [] : [['Files', 'every finished file was read again, and its signature verified']]),
    ...(log === undefined ? [] : [['Log', `entry ${log.index} of ${code(log.origin)}, ${proofs}`]]),
  ];
}

const BINDINGS: Readonly<Record<SigningRequestView['binding'], string>> = {
  audience: 'made by the platform for this one request (audience)',
  proof: 'bound to the first key that presented it (proof)',
  bearer: 'a static token of this trusted build system (bearer)',
};

/** Summary of a failure: what, the failed conditions of a denial, and what to do. */
export function failureMarkdown(error: OriginSignError, server?: string): string {
  const trace = traceOf(error);
  const hint = hintOf(error);
  const title = trace === undefined ? 'not signed' : `denied by ${trace.project}/${trace.policy}`;
  const address = errorPage(error, server);
  const page = address === undefined ? code(error.code) : link(error.code, address);
  return document([
    `### OriginSign: ${text(title)}`,
    `${text(error.message)} (${page})`,
    ...(trace === undefined ? [] : conditionBlocks(trace)),
    ...(hint === undefined ? [] : [`**Hint:** ${text(hint)}`]),
  ]);
}

/** The rule that decided, or came nearest, and its conditions that made the difference. */
function conditionBlocks(trace: DecisionTrace): readonly string[] {
  const decisive = trace.rules.find(({ rule }) => rule === trace.rule);
  const isDenyRule = decisive?.effect === 'deny';
  const conditions = (decisive?.conditions ?? []).filter(({ passed }) => passed === isDenyRule);
  const [, headline] = explainDecision(trace);
  if (decisive === undefined || conditions.length === 0) return [block(explainDecision(trace))];
  const rows = conditions.map((condition) => {
    const { claim, expected, actual } = conditionWords(condition);
    return [claim, expected, actual].map(code);
  });
  return [text((headline ?? '').trim()), table(['Condition', 'Expected', 'Actual'], rows)];
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
    `Origin ${originText(origin)}, ${runText(origin)} (${binding})`,
  ]);
}

function originText({ repository, commit, ref }: Evaluation['origin']): string {
  const source = commit === undefined ? '' : `@${commit.slice(0, 7)}`;
  const name = `${repository.uri.replace(/^https?:\/\//, '')}${source}`;
  return `${link(name, repository.uri)}${ref === undefined ? '' : ` ${code(ref)}`}`;
}

function runText({ run }: Evaluation['origin']): string {
  const attempt = run.attempt === undefined ? '' : ` attempt ${run.attempt}`;
  return `${link(`run ${run.id}`, run.uri)}${attempt}`;
}
