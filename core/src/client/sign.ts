import { resolve } from 'node:path';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { EVALUATIONS_PATH } from '../protocol/limits.ts';
import { evaluationSchema, type Evaluation, type SigningRequestView, type State } from '../protocol/signing-request.ts';
import { hashArtifacts, type Artifact } from './artifacts.ts';
import { failureOf, isFinal, unexpected } from './check-view.ts';
import type { Clock } from './clock.ts';
import type { TokenSource } from './ci/token-source.ts';
import type { EventSink, HashedFile } from './events.ts';
import type { FetchPort } from './fetch-port.ts';
import { finish, type OutputPlaces } from './finish.ts';
import { cancel, follow, look, submit, type FollowContext } from './follow.ts';
import { parseFormatChoice, parseFormatOptions } from './format-choice.ts';
import { findFiles } from './globs.ts';
import { openRequest, type OpenRequest } from './open-request.ts';
import type { LogPlace } from './proof-files.ts';
import { parseServerAddress, requestPage } from './server-address.ts';
import type { SignedFile } from './signed-file.ts';

const TIMEOUT = 3_600_000;

/** What to sign and how; the same words as the inputs of every wrapper. */
export interface SignOptions {
  /** URL of the signing server as people write it; a trailing slash is dropped. */
  readonly server: string;
  readonly project: string;
  readonly policy: string;
  /** Glob patterns in order; `!` takes away what earlier ones matched. Relative to `workingDirectory`. */
  readonly files: readonly string[];
  /** Absolute path. */
  readonly workingDirectory: string;
  /** Comma list, the first that recognises a file signs it: `auto`, or ids of formats. `auto` where left out. */
  readonly format?: string;
  /** Lines `<format>.<option>=<value>`. */
  readonly formatOptions?: readonly string[];
  /** Where signed files go, relative to `workingDirectory`; in place where left out. */
  readonly outputDirectory?: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** False: return as soon as the server has the request. True where left out. */
  readonly wait?: boolean;
  /** Milliseconds for everything; 60 minutes where left out. */
  readonly timeout?: number;
  /** What happens to the request when the time is over; `cancel` where left out. */
  readonly onTimeout?: 'cancel' | 'leave';
}

/** The world as the client sees it. */
export interface SignPorts {
  readonly fetch: FetchPort;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Aborting cancels the request on the server and ends with `request.cancelled`. */
  readonly signal?: AbortSignal;
}

/** What came out of it. */
export interface SignResult {
  readonly id: string;
  /** Page for people. */
  readonly url: string;
  /** `completed`, or where it was not waited for the state at that time. */
  readonly status: State;
  readonly origin: SigningRequestView['origin'];
  readonly binding: SigningRequestView['binding'];
  readonly project: string;
  readonly policy: string;
  readonly rule?: string;
  /** Empty unless completed. */
  readonly files: readonly SignedFile[];
  readonly receiptPath?: string;
  readonly provenancePath?: string;
  /** Where it stands in the log. */
  readonly log?: LogPlace;
}

/** What a dry run says. */
export interface DryRunResult {
  readonly evaluation: Evaluation;
  readonly files: readonly HashedFile[];
}

/**
 * Signs files from their origin: hashes them, asks the server, waits, embeds and checks the signatures, writes all files or
 * none. Throws `input.*` and `format.*` for what it was given, `token.*` for the CI platform, the server's own codes where it
 * refuses (`policy.denied` with `details.trace`), `server.*` where it cannot be reached or understood, `request.waiting`
 * when the time is over, `request.cancelled` when aborted, `verify.*` where a signature does not fit its file.
 */
export async function signFiles(options: SignOptions, ports: SignPorts): Promise<SignResult> {
  const deadline = ports.clock.now().getTime() + (options.timeout ?? TIMEOUT);
  const { server, artifacts, places, request } = await prepare(options, ports, deadline);
  const url = requestPage(server, request.id);
  const expected = { id: request.id, project: options.project, policy: options.policy, artifacts };
  const context: FollowContext = { request, expected, clock: ports.clock, events: ports.events, deadline };
  const view = await obtain(context, options, ports, server);
  const { origin, binding, project, policy, rule, state } = view;
  const ruled = rule === undefined ? {} : { rule };
  const result = { id: request.id, url, origin, binding, project, policy, status: state, ...ruled };
  if (!isFinal(state)) return { ...result, files: [] };
  const failure = failureOf(view);
  if (failure !== undefined) throw failure;
  const finished = await finish(view, artifacts, places);
  for (const file of finished.files) ports.events({ kind: 'signed', file });
  const { receiptPath, provenancePath } = finished;
  ports.events({ kind: 'proof', receiptPath, provenancePath });
  return { ...result, ...finished };
}

/** Asks for the decision alone: nothing is consumed, logged as signed, or written. Throws as {@link signFiles} does. */
export async function evaluateFiles(options: SignOptions, ports: SignPorts): Promise<DryRunResult> {
  const deadline = ports.clock.now().getTime() + (options.timeout ?? TIMEOUT);
  const { server, artifacts, request } = await prepare(options, ports, deadline);
  const url = server + EVALUATIONS_PATH;
  const answer = await request.call({ method: 'POST', url, body: () => request.body() });
  const parsed = evaluationSchema.safeParse(answer);
  if (!parsed.success) throw unexpected('its evaluation has not the documented shape');
  const { origin, binding } = parsed.data;
  ports.events({ kind: 'origin', origin, binding });
  return { evaluation: parsed.data, files: artifacts.flatMap(hashedFiles) };
}

interface Prepared {
  readonly server: string;
  readonly artifacts: readonly Artifact[];
  readonly places: OutputPlaces;
  readonly request: OpenRequest;
}

/** Everything before the first call. The token is asked for later still: it lives for minutes, and hashing can take longer. */
async function prepare(options: SignOptions, ports: SignPorts, deadline: number): Promise<Prepared> {
  const server = parseServerAddress(options.server);
  const choice = parseFormatChoice(options.format ?? 'auto');
  const formatOptions = parseFormatOptions(options.formatOptions ?? []);
  const { workingDirectory, outputDirectory } = options;
  const output = outputDirectory === undefined ? {} : { outputDirectory: resolve(workingDirectory, outputDirectory) };
  const found = await findFiles(options.files, { workingDirectory, ...output });
  for (const pattern of found.unmatched) warn(ports, `The pattern "${pattern}" matches no file.`);
  for (const link of found.links) warn(ports, `"${link}" is a symbolic link and is not signed.`);
  const artifacts = await hashArtifacts(found.files, choice, formatOptions, ports.events);
  ports.events({ kind: 'hashed', files: artifacts.flatMap(hashedFiles) });
  const { project, policy, description, parameters } = options;
  const intent = {
    server,
    project,
    policy,
    artifacts,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
  const request = await openRequest(intent, { ...ports, deadline });
  return { server, artifacts, request, places: { base: found.base, ...output } };
}

function warn(ports: SignPorts, message: string): void {
  ports.events({ kind: 'warning', message });
}

function hashedFiles({ format, digested, files }: Artifact): readonly HashedFile[] {
  const { coveredDigest, file } = digested;
  return files.map(({ name, path }) => ({ name, path, format: format.id, coveredDigest, ...file }));
}

/** Submits and, unless nobody waits, follows to the end; on abort or when the time is over, cancels. */
async function obtain(
  context: FollowContext,
  options: SignOptions,
  ports: SignPorts,
  server: string,
): Promise<SigningRequestView> {
  try {
    const view = await submit(context, server);
    ports.events({ kind: 'origin', origin: view.origin, binding: view.binding });
    ports.events({ kind: 'request', id: view.id, url: requestPage(server, view.id) });
    return options.wait === false ? view : await follow(context, view);
  } catch (error) {
    if (ports.signal?.aborted === true) {
      await cancel(context).catch(() => false);
      throw new OriginSignError('request.cancelled', 'Signing was interrupted, and the request cancelled.');
    }
    if (!isOriginSignError(error, 'request.waiting') || options.onTimeout === 'leave') throw error;
    return giveUp(context, ports, error);
  }
}

/** The time is over. Where the server refuses to cancel, the signatures may be there by now. */
async function giveUp(context: FollowContext, ports: SignPorts, error: OriginSignError): Promise<SigningRequestView> {
  const cancelled = await cancel(context).catch((failure: unknown) => {
    if (!isOriginSignError(failure)) throw failure;
    warn(ports, `The request could not be cancelled: ${failure.message}`);
    return false;
  });
  if (cancelled) throw error;
  const view = await look(context);
  if (isFinal(view.state)) return view;
  throw error;
}
