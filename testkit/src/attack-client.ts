import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { signRequest } from '@originsign/core/attestation/request-signature';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { isJsonObject, tryStrictJson } from '@originsign/core/encoding/strict-json';
import { EVALUATIONS_PATH, SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { forgeRequest, type AttackerKey, type ForgedRequest, type Forgery } from './forged-request.ts';

/** One call with any part forged. What is left out is what an honest client sends. */
export interface ForgedCall {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: Uint8Array;
  /** Signs the call; no signature where left out. */
  readonly key?: AttackerKey;
  /** What the signature covers, where it is not what is sent. */
  readonly signed?: {
    readonly method?: string;
    readonly uri?: string;
    readonly body?: Uint8Array;
    readonly created?: number;
    readonly keyId?: string;
  };
  /** Fields in addition or instead; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Request target as it stands in the request line, where it is not the path. */
  readonly target?: string;
  /** Announces the body and sends none of it, so that the answer cannot race with the bytes. */
  readonly holdBody?: boolean;
  /** Closes the connection once the call is sent, so that its answer is lost. */
  readonly hangUp?: boolean;
}

/** An answer, to the byte. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** The body as JSON; `undefined` where it is none. */
  readonly json: Json | undefined;
  /** `status code`, such as `401 token.audience`; `status state` where the answer is no problem. */
  readonly outcome: string;
}

/** Where the attacker sends to. */
export interface AttackTarget {
  readonly url: string;
  readonly caPath: string | undefined;
  /** Client certificate with its chain, and its key, PEM. */
  readonly client?: { readonly cert: string; readonly key: string };
  /** Port to connect to, where it is not that of the URL. */
  readonly port?: number;
}

/** Speaks the protocol without any of the checks of an honest client. */
export interface AttackClient {
  /** Every answer so far. */
  readonly answers: readonly Answer[];
  /** Private keys of the requests that were forged here. */
  readonly keys: readonly AttackerKey[];
  forge(forgery?: Forgery): ForgedRequest;
  send(call: ForgedCall): Promise<Answer>;
  /** Submits the request with this token. */
  submit(request: ForgedRequest, token: Json, changes?: Partial<ForgedCall>): Promise<Answer>;
  /** Asks for a decision only. */
  evaluate(request: ForgedRequest, token: Json): Promise<Answer>;
  /** A signed call without a body below the request: `''` follows it, `/cancel` takes it back. */
  follow(request: ForgedRequest, suffix?: string, changes?: Partial<ForgedCall>): Promise<Answer>;
  /** The final answer of a request that was answered with 202. */
  settle(request: ForgedRequest, answer: Answer): Promise<Answer>;
  close(): void;
}

/** A client for one server. */
export async function createAttackClient(target: AttackTarget): Promise<AttackClient> {
  const ca = target.caPath === undefined ? undefined : await readFile(target.caPath, 'utf8');
  // Node would check the certificate against a forged Host.
  const servername = new URL(target.url).hostname;
  const agent =
    ca === undefined ? undefined : new Agent({ ...target.client, ca, servername, keepAlive: true, maxSockets: 64 });
  const answers: Answer[] = [];
  const keys: AttackerKey[] = [];
  const send = async (call: ForgedCall): Promise<Answer> => {
    const answer = await exchange(target, agent, call);
    answers.push(answer);
    return answer;
  };
  const post = (path: string, request: ForgedRequest, token: Json, changes: Partial<ForgedCall> = {}) =>
    send({ method: 'POST', path, body: submissionBody(request, token), key: request.key, ...changes });
  const follow: AttackClient['follow'] = (request, suffix = '', changes = {}) => {
    const path = `${SIGNING_REQUESTS_PATH}/${request.id}${suffix}`;
    return send({ method: suffix.startsWith('/') ? 'POST' : 'GET', path, key: request.key, ...changes });
  };
  const settle: AttackClient['settle'] = async (request, answer) => {
    let last = answer;
    for (let polls = 0; last.status === 202 && polls < 20; polls++) last = await follow(request, '?wait=30');
    return last;
  };
  return {
    answers,
    keys,
    follow,
    settle,
    forge: (forgery) => {
      const request = forgeRequest(target.url, forgery);
      keys.push(request.key);
      return request;
    },
    send,
    submit: (request, token, changes) => post(SIGNING_REQUESTS_PATH, request, token, changes),
    evaluate: (request, token) => post(EVALUATIONS_PATH, request, token),
    close: () => agent?.destroy(),
  };
}

/** Body of a submission. */
export function submissionBody(request: ForgedRequest, token: Json): Uint8Array {
  return utf8(JSON.stringify({ envelope: request.envelope, tokens: { ci: token } }));
}

async function exchange(target: AttackTarget, agent: Agent | undefined, call: ForgedCall): Promise<Answer> {
  const { url } = target;
  const { hostname, port } = new URL(url);
  const body = call.body ?? new Uint8Array();
  const options = {
    hostname,
    port: target.port ?? port,
    method: call.method ?? 'GET',
    path: call.target ?? call.path,
    headers: fieldsOf(url, call, body),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = agent === undefined ? httpRequest(options) : httpsRequest({ ...options, agent });
    request.once('response', resolve).once('error', reject);
    if (call.holdBody === true) request.flushHeaders();
    else if (call.hangUp === true) request.end(body, () => request.destroy());
    else request.end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (call.holdBody === true) response.destroy();
  return answerOf(response, new Uint8Array(Buffer.concat(chunks)));
}

function fieldsOf(url: string, call: ForgedCall, body: Uint8Array): Record<string, string | string[]> {
  const fields: Record<string, string | readonly string[] | undefined> = {
    ...(call.body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...signatureFields(url, call, body),
    ...call.headers,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : [...value]]],
    ),
  );
}

function signatureFields(url: string, call: ForgedCall, body: Uint8Array): Record<string, string> {
  if (call.key === undefined) return {};
  const { signed = {} } = call;
  return {
    ...signRequest({
      method: signed.method ?? call.method ?? 'GET',
      targetUri: signed.uri ?? `${url}${call.path}`,
      body: signed.body ?? body,
      created: signed.created ?? Math.floor(Date.now() / 1000),
      key: call.key.privateKey,
      keyId: signed.keyId ?? call.key.keyId,
    }),
  };
}

function answerOf(response: IncomingMessage, body: Uint8Array): Answer {
  const status = response.statusCode ?? 0;
  const json = tryStrictJson(body, { maxDepth: 64 });
  const members = isJsonObject(json) ? json : {};
  const word = members['code'] ?? members['state'] ?? members['decision'];
  return {
    status,
    headers: response.headers,
    body,
    json,
    outcome: `${status} ${typeof word === 'string' ? word : ''}`,
  };
}
