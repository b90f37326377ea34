import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveKeys, type KeySetServing } from './key-set-serving.ts';

/** What a stand-in serves at one path: a document, or what it makes of the query. */
export type Served = (query: URLSearchParams) => unknown;

/** A CI platform's REST API on loopback, which serves recorded answers to those who hold its credential. */
export interface ApiStandIn {
  readonly url: string;
  /** Paths with queries that were asked for, in order. */
  readonly calls: readonly string[];
  /** Serves a document at a path from now on. */
  serve(path: string, document: Served): void;
  /** No document is at the path any more. */
  remove(path: string): void;
  /** Answers calls to the path, or to every path, in another way; normally again where nothing is given. */
  interfere(serving?: KeySetServing, path?: string): void;
  /** Lets calls wait from now on, until what it gives back is called. */
  hold(): () => void;
  close(): Promise<void>;
}

interface State {
  readonly calls: string[];
  readonly documents: Map<string, Served>;
  interference: { readonly serving: KeySetServing; readonly path: string | undefined } | undefined;
  held: Promise<void> | undefined;
}

/** Whether a call to a path may be answered that carries this `authorization` header. */
export type Admission = (path: string, authorization: string) => boolean;

/** Starts a stand-in on a free loopback port. Calls that are not admitted are answered with 401. */
export async function startApiStandIn(isAdmitted: Admission): Promise<ApiStandIn> {
  const state: State = { calls: [], documents: new Map(), interference: undefined, held: undefined };
  const server = createServer((request, response) => {
    handle(state, isAdmitted, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    calls: state.calls,
    serve: (path, document) => void state.documents.set(path, document),
    remove: (path) => void state.documents.delete(path),
    interfere: (serving, path) => {
      state.interference = serving === undefined ? undefined : { serving, path };
    },
    hold: () => hold(state),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function hold(state: State): () => void {
  let release = (): void => undefined;
  state.held = new Promise((resolve) => {
    release = resolve;
  });
  return () => {
    state.held = undefined;
    release();
  };
}

async function handle(
  state: State,
  isAdmitted: Admission,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  state.calls.push(`${pathname}${search}`);
  await state.held;
  const { interference } = state;
  if (interference !== undefined && (interference.path === undefined || interference.path === pathname)) {
    return serveKeys(interference.serving, response);
  }
  if (!isAdmitted(pathname, request.headers.authorization ?? '')) {
    return send(response, 401, { message: 'Bad credentials' });
  }
  const document = state.documents.get(pathname);
  if (document === undefined) return send(response, 404, { message: 'Not Found', status: '404' });
  return send(response, request.method === 'POST' ? 201 : 200, document(searchParams));
}

function send(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(document));
}
