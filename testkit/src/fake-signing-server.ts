import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { envelopePayload, parseEnvelope } from '@originsign/core/attestation/dsse';
import { importOneUseKey, jwkThumbprint } from '@originsign/core/attestation/one-use-key';
import { requestId } from '@originsign/core/attestation/request-id';
import { verifyRequestSignature } from '@originsign/core/attestation/request-signature';
import { parseSigningRequest, type SigningRequestStatement } from '@originsign/core/attestation/statement';
import { decodeBase64url } from '@originsign/core/encoding/base64';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { EVALUATIONS_PATH, SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { PROBLEM_MEDIA_TYPE, problemOf } from '@originsign/core/protocol/problem';
import type { SigningRequestView, State } from '@originsign/core/protocol/signing-request';
import type { DecisionTrace } from '@originsign/core/protocol/trace';
import { signStatement, type FakeSignerKeys } from './fake-signatures.ts';
import { REQUEST } from './test-log.ts';

/** One call as it arrived. */
export interface FakeCall {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
  /** Token of a submission. */
  readonly token?: string;
}

/** One answer; `drop` ends the connection without one, `truncate` after half of it. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly fault?: 'drop' | 'truncate';
}

/** How the server behaves. */
export interface FakeServerOptions {
  readonly keys: FakeSignerKeys;
  /** Certificate and key in PEM: then it speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Host name in its URL, which must resolve to loopback. */
  readonly host?: string;
  readonly now?: () => Date;
  /** Decision of an evaluation, and of a submission where it denies. */
  readonly evaluation?: { readonly decision: 'allow' | 'deny'; readonly trace: DecisionTrace };
  /** States of a request after each call, the last for all later ones; `completed` at once where left out. */
  readonly states?: readonly State[];
  /** Changes one answer, after the honest work was done. `count` is the number of the call, from 1. */
  readonly change?: (answer: FakeAnswer, call: FakeCall, count: number) => FakeAnswer | undefined;
}

/** A server of the protocol on loopback, without policy, HSM and log: for what clients do when answers go wrong. */
export interface FakeSigningServer {
  readonly url: string;
  /** Every call in order. */
  readonly calls: readonly FakeCall[];
  close(): Promise<void>;
}

interface Known {
  readonly statement: SigningRequestStatement;
  readonly completed: SigningRequestView;
  cancelled: boolean;
  asked: number;
}

/** Starts the server on a free loopback port. */
export async function startFakeSigningServer(options: FakeServerOptions): Promise<FakeSigningServer> {
  const calls: FakeCall[] = [];
  const known = new Map<string, Known>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void readCall(request).then(async (call) => {
      calls.push(call);
      const honest = await answerHonestly(call, url, options, known).catch((error: unknown) => problem(error, url));
      const count = calls.length;
      send(response, options.change?.(honest, call, count) ?? honest, options.now);
    });
  };
  const server = options.tls === undefined ? createHttpServer(handle) : createHttpsServer(options.tls, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${options.host ?? 'localhost'}:${port}`;
  return {
    url,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readCall(request: IncomingMessage): Promise<FakeCall> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const [path = '', query = ''] = (request.url ?? '').split('?');
  return { method: request.method ?? '', path, query, headers: request.headers, body: Buffer.concat(parts) };
}

async function answerHonestly(
  call: FakeCall,
  url: string,
  options: FakeServerOptions,
  known: Map<string, Known>,
): Promise<FakeAnswer> {
  if (call.method === 'POST' && (call.path === SIGNING_REQUESTS_PATH || call.path === EVALUATIONS_PATH)) {
    return submit(call, url, options, known);
  }
  const [id = '', verb] = call.path.slice(SIGNING_REQUESTS_PATH.length + 1).split('/');
  const entry = known.get(id);
  if (entry === undefined) throw new OriginSignError('request.not_found', 'There is no such signing request.');
  checkSignature(call, url, entry.statement, options);
  if (verb === 'cancel') {
    if (stateOf(entry, options) === 'completed') throw new OriginSignError('request.state', 'It is being signed.');
    entry.cancelled = true;
  }
  entry.asked += 1;
  return answer(viewOf(entry, options));
}

async function submit(
  call: FakeCall,
  url: string,
  options: FakeServerOptions,
  known: Map<string, Known>,
): Promise<FakeAnswer> {
  const body = parseStrictJson(call.body);
  const envelope = parseEnvelope(isJsonObject(body) ? body['envelope'] : undefined);
  const payload = envelopePayload(envelope);
  const statement = parseSigningRequest(payload);
  const id = requestId(payload);
  checkSignature(call, url, statement, options);
  const entry = known.get(id);
  if (entry !== undefined) return answer(viewOf(entry, options));
  checkAudience(body, `${url}${SIGNING_REQUESTS_PATH}/${id}`);
  const { evaluation } = options;
  if (call.path === EVALUATIONS_PATH) return answer({ ...evaluation, origin: REQUEST.origin, binding: 'audience' });
  if (evaluation?.decision === 'deny') {
    throw new OriginSignError('policy.denied', 'Denied.', { details: { trace: evaluation.trace } });
  }
  const completed = await signStatement(statement, { id, url, keys: options.keys, now: options.now?.() ?? new Date() });
  const fresh: Known = { statement, completed, cancelled: false, asked: 0 };
  known.set(id, fresh);
  return answer(viewOf(fresh, options));
}

function checkSignature(
  call: FakeCall,
  url: string,
  statement: SigningRequestStatement,
  { now }: FakeServerOptions,
): void {
  const header = (name: string): string | undefined => call.headers[name]?.toString();
  verifyRequestSignature({
    method: call.method,
    targetUri: url + call.path + (call.query === '' ? '' : `?${call.query}`),
    body: call.body,
    headers: {
      contentDigest: header('content-digest'),
      signatureInput: header('signature-input'),
      signature: header('signature'),
    },
    publicKey: importOneUseKey(statement.key),
    keyId: jwkThumbprint(statement.key),
    now: now?.() ?? new Date(),
  });
}

function checkAudience(body: unknown, expected: string): void {
  const tokens = isJsonObject(body) ? body['tokens'] : undefined;
  const token = isJsonObject(tokens) ? tokens['ci'] : undefined;
  const claims = parseStrictJson(decodeBase64url(typeof token === 'string' ? (token.split('.')[1] ?? '') : ''));
  if (!isJsonObject(claims) || claims['aud'] !== expected) {
    throw new OriginSignError('token.audience', 'The token was made for another audience.');
  }
}

function stateOf(entry: Known, { states = ['completed'] }: FakeServerOptions): State {
  if (entry.cancelled) return 'cancelled';
  return states[Math.min(entry.asked, states.length - 1)] ?? 'completed';
}

function viewOf(entry: Known, options: FakeServerOptions): SigningRequestView {
  const state = stateOf(entry, options);
  if (state === 'completed') return entry.completed;
  const { receipt: _receipt, provenance: _provenance, artifacts, ...rest } = entry.completed;
  return { ...rest, state, artifacts: artifacts.map(({ block: _block, ...artifact }) => artifact) };
}

function answer(body: unknown): FakeAnswer {
  return { status: 200, body };
}

function problem(error: unknown, url: string): FakeAnswer {
  const known = isOriginSignError(error) ? error : new OriginSignError('internal.error', String(error));
  return { status: known.status, headers: { 'content-type': PROBLEM_MEDIA_TYPE }, body: problemOf(known, url) };
}

function send(response: ServerResponse, { status, headers, body, fault }: FakeAnswer, now?: () => Date): void {
  if (fault === 'drop') {
    response.destroy();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(now === undefined ? {} : { date: now().toUTCString() }),
    ...headers,
  });
  if (fault !== 'truncate') response.end(text);
  else response.write(text.slice(0, text.length / 2), () => response.destroy());
}
