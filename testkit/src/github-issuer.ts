import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { GITHUB_FIXTURES } from '@originsign/core/platforms/fixtures/github';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { serveKeys, type KeySetServing } from './key-set-serving.ts';

/** Claims by name; `undefined` removes one that would be there. */
export type ClaimChanges = Readonly<Record<string, unknown>>;

/** How the issuer is started. */
export interface GithubIssuerOptions {
  /** Certificate and key in PEM: then it speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Host name in its URL, which must resolve to loopback; `localhost` where left out. */
  readonly host?: string;
  /** Clock of the issuer. */
  readonly now?: () => Date;
}

/** What a runner gives a job that may ask for identity tokens. */
export interface IssuerJob {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly environment: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** Audiences that the job asked for, in order. */
  readonly audiences: readonly string[];
}

/** What a minted token carries besides the defaults. */
export interface MintOptions {
  readonly claims?: ClaimChanges;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Stands in for GitHub's token issuer on loopback: discovery, key set, and the token endpoint that jobs call. */
export interface GithubIssuer {
  /** The issuer's URL, exactly as tokens carry it. */
  readonly url: string;
  /** Paths that were asked for, in order, without query. */
  readonly paths: readonly string[];
  /** Starts a job with these claims on top of a tag push. Its first `failures` token requests are answered with 503. */
  startJob(claims?: ClaimChanges, failures?: number): IssuerJob;
  /** A token for this audience, signed by the current key. */
  mint(audience: unknown, options?: MintOptions): Promise<string>;
  /** Signs with a new key from now on and publishes it alone, under the same key id where asked for. */
  rotateKey(keepKeyId?: boolean): Promise<void>;
  /** The public key that is published now. */
  publicJwk(): JWK;
  /** Serves the key set in another way, or normally again. */
  serveKeySet(serving?: KeySetServing): void;
  close(): Promise<void>;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

interface Job {
  readonly claims: ClaimChanges;
  readonly bearer: string;
  readonly audiences: string[];
  failures: number;
}

interface State {
  key: SigningKey;
  serving: KeySetServing | undefined;
  readonly url: string;
  readonly now: () => Date;
  readonly paths: string[];
  readonly jobs: Map<string, Job>;
}

/** Starts the issuer on a free loopback port. */
export async function startGithubIssuer(options: GithubIssuerOptions = {}): Promise<GithubIssuer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    handle(state, request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createHttpServer(answer) : createHttpsServer(options.tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: State = {
    key: await createKey(),
    serving: undefined,
    url: `${options.tls === undefined ? 'http' : 'https'}://${options.host ?? 'localhost'}:${port}`,
    now: options.now ?? (() => new Date()),
    paths: [],
    jobs: new Map(),
  };
  return issuerOf(state, server);
}

function issuerOf(state: State, server: Server): GithubIssuer {
  return {
    url: state.url,
    paths: state.paths,
    startJob: (claims = {}, failures = 0) => startJob(state, claims, failures),
    mint: (audience, options = {}) => mint(state, audience, options),
    rotateKey: async (keepKeyId = false) => {
      state.key = await createKey(keepKeyId ? state.key.kid : undefined);
    },
    publicJwk: () => state.key.jwk,
    serveKeySet: (serving) => {
      state.serving = serving;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function createKey(kid: string = randomUUID()): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  return { kid, privateKey, jwk };
}

function startJob(state: State, claims: ClaimChanges, failures: number): IssuerJob {
  const id = randomUUID();
  const job: Job = { claims, bearer: randomBytes(24).toString('base64url'), audiences: [], failures };
  state.jobs.set(id, job);
  return {
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${state.url}/jobs/${id}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.bearer,
    },
    audiences: job.audiences,
  };
}

/** Times as GitHub sets them: valid ten minutes back and five minutes ahead. */
function mint(state: State, audience: unknown, { claims = {}, header = {} }: MintOptions): Promise<string> {
  const issuedAt = Math.floor(state.now().getTime() / 1000);
  const payload: Record<string, unknown> = {
    jti: randomUUID(),
    ...GITHUB_FIXTURES['github-tag-push'],
    iss: state.url,
    aud: audience,
    nbf: issuedAt - 600,
    iat: issuedAt,
    exp: issuedAt + 300,
    ...claims,
  };
  const { kid, privateKey } = state.key;
  const x5t = createHash('sha1').update(kid).digest('base64url');
  return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, x5t, ...header }).sign(privateKey);
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', state.url);
  state.paths.push(pathname);
  if (pathname === '/.well-known/openid-configuration') {
    const uri = `${state.url}/.well-known/jwks`;
    return json(response, 200, { issuer: state.url, jwks_uri: uri, id_token_signing_alg_values_supported: ['RS256'] });
  }
  if (pathname === '/.well-known/jwks') {
    if (state.serving !== undefined) return serveKeys(state.serving, response);
    return json(response, 200, { keys: [state.key.jwk] });
  }
  const job = state.jobs.get(/^\/jobs\/([^/]+)\/idtoken$/.exec(pathname)?.[1] ?? '');
  if (job === undefined) return json(response, 404, { message: 'Not found' });
  return answerJob(state, job, {
    request,
    response,
    audience: searchParams.get('audience') ?? 'https://github.com/acme',
  });
}

async function answerJob(
  state: State,
  job: Job,
  { request, response, audience }: { request: IncomingMessage; response: ServerResponse; audience: string },
): Promise<void> {
  if (request.headers.authorization !== `Bearer ${job.bearer}`) return json(response, 401, { message: 'Unauthorized' });
  if (job.failures > 0) {
    job.failures -= 1;
    return json(response, 503, { message: 'Service unavailable' });
  }
  job.audiences.push(audience);
  const value = await mint(state, audience, { claims: job.claims });
  return json(response, 200, { count: value.length, value });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
