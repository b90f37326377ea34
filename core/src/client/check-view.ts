import { parseCoveredDigest } from '../attestation/covered-digest.ts';
import { isErrorCode } from '../errors/codes.ts';
import { OriginSignError } from '../errors/error.ts';
import { signingRequestSchema, type SigningRequestView, type State } from '../protocol/signing-request.ts';
import { isSameArtifact, type Artifact } from './artifacts.ts';

/** What the client knows of its request without asking anybody. */
export interface ExpectedRequest {
  readonly id: string;
  readonly project: string;
  readonly policy: string;
  readonly artifacts: readonly Artifact[];
}

/** States after which nothing changes any more. */
const FINAL: ReadonlySet<State> = new Set<State>(['completed', 'denied', 'failed', 'cancelled', 'expired']);

/** True where the state is the last one. */
export function isFinal(state: State): boolean {
  return FINAL.has(state);
}

/**
 * Reads what the server says of the request and compares it with what was sent: id, project, policy, every artifact in its
 * order, and that a state follows from the one before. Throws `server.unexpected`: a client that took signatures for other
 * digests would put them into its files.
 */
export function parseView(document: unknown, expected: ExpectedRequest, before?: State): SigningRequestView {
  const parsed = signingRequestSchema.safeParse(document);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    throw unexpected(`its answer has not the documented shape${path === '' ? '' : ` at ${path}`}`);
  }
  const view = parsed.data;
  if (view.id !== expected.id) throw unexpected('it answered for another request');
  if (view.project !== expected.project || view.policy !== expected.policy) {
    throw unexpected('it answered for another project or policy');
  }
  checkTransition(before, view.state);
  checkArtifacts(view, expected.artifacts);
  return view;
}

function checkTransition(before: State | undefined, now: State): void {
  if (before === undefined || before === now) return;
  if (isFinal(before)) throw unexpected(`a request that was ${before} became ${now}`);
  if (before === 'signing' && now === 'waiting_for_approval') throw unexpected('signing went back to approval');
}

function checkArtifacts(view: SigningRequestView, expected: readonly Artifact[]): void {
  if (view.artifacts.length !== expected.length) {
    throw unexpected(`it speaks of ${view.artifacts.length} artifacts, not ${expected.length}`);
  }
  for (const [index, artifact] of expected.entries()) {
    const other = view.artifacts[index];
    if (other === undefined) throw unexpected('an artifact is missing');
    const coveredDigest = coveredDigestOf(other.coveredDigest);
    if (!isSameArtifact(artifact, { name: other.name, format: other.format, coveredDigest })) {
      throw unexpected(`artifact ${index} is not the one that was sent`);
    }
    if (view.state === 'completed' && other.block === undefined) throw unexpected(`artifact ${index} has no signature`);
  }
  if (view.state !== 'completed') return;
  if (view.receipt === undefined) throw unexpected('it sent no receipt');
  if (view.provenance === undefined) throw unexpected('it sent no provenance');
}

function coveredDigestOf(map: unknown) {
  try {
    return parseCoveredDigest(map);
  } catch (cause) {
    throw unexpected('a covered digest cannot be read', cause);
  }
}

/** The error that a request ended with; `undefined` where it is completed or goes on. */
export function failureOf(view: SigningRequestView): OriginSignError | undefined {
  if (view.state === 'completed' || !isFinal(view.state)) return undefined;
  const { failure } = view;
  if (failure !== undefined) {
    const hint = failure['hint'];
    const details = failure['details'];
    return new OriginSignError(isErrorCode(failure.code) ? failure.code : 'server.unexpected', failure.detail, {
      ...(typeof hint === 'string' ? { hint } : {}),
      ...(typeof details === 'object' && details !== null ? { details: { ...details } } : {}),
    });
  }
  if (view.state === 'cancelled') return new OriginSignError('request.cancelled', 'The request was cancelled.');
  if (view.state === 'expired') return new OriginSignError('request.expired', 'The request expired unsigned.');
  return unexpected(`it ended the request as ${view.state} and gave no reason`);
}

/** The error for a server that does not do what it documents. */
export function unexpected(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('server.unexpected', `The server did something that it should not: ${what}.`, {
    hint: 'check that client and server are of fitting versions',
    ...(cause === undefined ? {} : { cause }),
  });
}
