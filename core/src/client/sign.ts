import type { CoveredDigest } from '../attestation/covered-digest.ts';
import type { Evaluation, SigningRequestView, State } from '../protocol/signing-request.ts';
import type { Clock } from './clock.ts';
import type { TokenSource } from './ci/token-source.ts';
import type { EventSink, HashedFile } from './events.ts';
import type { FetchPort } from './fetch-port.ts';

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

/** One signed file. */
export interface SignedFile {
  /** Name in the attestation. */
  readonly name: string;
  /** Path of the file that was signed. */
  readonly input: string;
  /** Path of the signed file, or of the file beside which the signature lies. */
  readonly output: string;
  /** Path of the detached signature, for formats that write one. */
  readonly signaturePath?: string;
  readonly format: string;
  readonly coveredDigest: CoveredDigest;
  readonly key: { readonly label: string; readonly type: string };
  /** Time of the RFC 3161 timestamp, ISO 8601. */
  readonly timestamp?: string;
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
  readonly rule?: string;
  /** Empty unless completed. */
  readonly files: readonly SignedFile[];
  readonly receiptPath?: string;
  readonly provenancePath?: string;
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
  throw new TypeError(`Not built yet: ${options.project} ${ports.tokens.platform}`);
}

/** Asks for the decision alone: nothing is consumed, logged as signed, or written. Throws as {@link signFiles} does. */
export async function evaluateFiles(options: SignOptions, ports: SignPorts): Promise<DryRunResult> {
  throw new TypeError(`Not built yet: ${options.project} ${ports.tokens.platform}`);
}
