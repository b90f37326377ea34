import { relative } from 'node:path';
import { shortRequestId } from '../attestation/request-id.ts';
import type { OriginSignError } from '../errors/error.ts';
import { denialHint, explainDecision } from '../policy/explain.ts';
import type { SigningRequestView } from '../protocol/signing-request.ts';
import { hintOf, traceOf, wireTrace } from './denial.ts';
import { formatElapsed } from './duration.ts';
import { errorPage } from './error-page.ts';
import type { SignEvent } from './events.ts';
import { plainText } from './plain-text.ts';
import { sizeText } from './size-text.ts';
import type { DryRunResult } from './sign.ts';
import type { SignedFile } from './signed-file.ts';

/** Bytes from which on reading a file takes so long that people should know. */
const LARGE = 256 * 1024 * 1024;

/** Lines of plain text for one event, as surface.md section 4 shows them; none for events that people need not see. */
export function eventLines(event: SignEvent, workingDirectory = process.cwd()): readonly string[] {
  const line = (word: string, ...parts: readonly string[]) => [plainText(`${word.padEnd(9)} ${parts.join('  ')}`)];
  const path = (file: string) => shortPath(file, workingDirectory);
  switch (event.kind) {
    case 'hashed':
      return [];
    case 'hashing':
      return event.done === 0 && event.size >= LARGE ? line('hashing', event.name, sizeText(event.size)) : [];
    case 'warning':
      return line('warning', event.message);
    case 'origin':
      return line('origin', originText(event.origin, event.binding));
    case 'request':
      return line('request', shortRequestId(event.id), event.url);
    case 'retry':
      return line('retry', `${event.reason} Again in ${(event.delay / 1000).toFixed(1)} s.`);
    case 'clock':
      return line('clock', `the server is ${event.offset} s ahead of this machine; corrected for this request`);
    case 'waiting':
      return event.minor === true ? [] : line('waiting', waitingText(event));
    case 'signed':
      return line('signed', ...signedParts(event.file, path));
    case 'proof':
      return line('proof', path(event.receiptPath), '(and .provenance.sigstore.json)');
  }
}

/** What a line about an origin is made of. */
interface OriginFacts {
  readonly repository: { readonly uri: string };
  readonly commit?: string | undefined;
  readonly ref?: string | undefined;
  readonly run: { readonly id: string; readonly attempt?: number | undefined };
}

/** `github.com/acme/app@9f31c2e refs/tags/v1.4.0, run 30433642 attempt 1 (audience)`. */
export function originText(origin: OriginFacts, binding: SigningRequestView['binding']): string {
  const repository = origin.repository.uri.replace(/^https?:\/\//, '');
  const { commit, ref } = origin;
  const source = `${repository}${commit === undefined ? '' : `@${commit.slice(0, 7)}`}${ref === undefined ? '' : ` ${ref}`}`;
  const attempt = origin.run.attempt === undefined ? '' : ` attempt ${origin.run.attempt}`;
  return `${source}, run ${origin.run.id}${attempt} (${binding})`;
}

/** `2026-11-22 09:14:03Z` of an ISO time. */
export function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+(?=Z$)/, '');
}

/** Path for people: relative where that is shorter to read. */
export function shortPath(path: string, workingDirectory: string): string {
  const short = relative(workingDirectory, path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** `approval 0 of 1 (release-managers), since 01:30`. */
export function waitingText({
  state,
  elapsed,
  approvals,
}: Omit<Extract<SignEvent, { kind: 'waiting' }>, 'since'>): string {
  const people =
    approvals === undefined ? '' : ` ${approvals.approved} of ${approvals.count} (${principalsText(approvals.from)})`;
  return `${state === 'waiting_for_approval' ? 'approval' : 'signature'}${people}, since ${formatElapsed(elapsed)}`;
}

/** `release-managers, ada` of `group:release-managers` and `user:ada`. */
export function principalsText(principals: readonly string[]): string {
  return principals.map((principal) => principal.replace(/^(?:group|user):/, '')).join(', ');
}

function signedParts(file: SignedFile, path: (file: string) => string): readonly string[] {
  const timestamp = file.timestamp === undefined ? [] : [`timestamp ${timeText(file.timestamp)}`];
  return [path(file.signaturePath ?? file.output), file.format, `key ${file.key.label}`, ...timestamp];
}

/** `error:`, the failed conditions of a denial, `hint:` and `see:` for one error. `server` is the configured URL. */
export function errorLines(error: OriginSignError, server?: string): readonly string[] {
  const trace = traceOf(error);
  const [what = '', ...conditions] = trace === undefined ? [error.message] : explainDecision(trace);
  const hint = hintOf(error);
  const page = errorPage(error, server);
  return [
    `error: ${what.replace(/\.$/, '')} [${error.code}]`,
    ...conditions,
    ...expectedLines(error),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...(page === undefined ? [] : [`see:  ${page}`]),
  ].map((line) => plainText(line));
}

/** What a token was expected to be for; the one it has is a part of the token. */
function expectedLines({ code, details }: OriginSignError): readonly string[] {
  const expected = details?.['expected'];
  return code === 'token.audience' && typeof expected === 'string' ? [`  expected audience ${expected}`] : [];
}

/** Decision of a dry run and the conditions that it hangs on; the origin was told as an event. */
export function dryRunLines({ evaluation, files }: DryRunResult): readonly string[] {
  const trace = wireTrace(evaluation.trace);
  const hint = denialHint(trace);
  return [
    ...files.map(({ name, format, coveredDigest }) => `file      ${name}  ${format}  ${coveredDigest.value}`),
    ...explainDecision(trace, { all: evaluation.decision === 'allow' }),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    'dry run: nothing was signed',
  ].map((line) => plainText(line));
}
