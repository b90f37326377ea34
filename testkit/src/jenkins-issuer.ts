import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { serveKeys, type KeySetServing } from './key-set-serving.ts';

/** How the controller is started. */
export interface JenkinsIssuerOptions {
  /** Certificate and key in PEM: then it speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Host name in its URL, which must resolve to loopback; `localhost` where left out. */
  readonly host?: string;
  readonly now?: () => Date;
  /** Seconds that tokens live: a setting of the whole controller. 3600 where left out. */
  readonly tokenLifetime?: number;
  /** Answers everything that is not the plugin's, such as the REST API; 404 where left out. */
  readonly otherwise?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** One `OpenID Connect id token` credential as an administrator makes it. */
export interface JenkinsCredentialOptions {
  readonly id: string;
  /** Full name of the folder that it lies in, such as `team/app`; the root where left out. */
  readonly folder?: string;
  /** Left out, tokens carry `aud: [null]`. */
  readonly audience?: string;
  /** Alternate issuer, whose documents the administrator hosts elsewhere: the controller then serves no key of it. */
  readonly issuer?: string;
}

/** The build that a token is made for. */
export interface JenkinsBuild {
  /** Full name of the job, such as `team/app/main`. */
  readonly job: string;
  readonly number: number;
}

/** A credential and what its tokens are like. */
export interface JenkinsCredential {
  readonly id: string;
  /** Its issuer, exactly as tokens carry it. */
  readonly issuer: string;
  /** A token for a build; other claims replace those that the plugin makes, `undefined` removes one. */
  mint(build: JenkinsBuild, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Where a stand-in of the controller gets a fresh token each time that a build binds the credential. */
  bindingUrl(build: JenkinsBuild, claims?: Readonly<Record<string, unknown>>): string;
  /** What "update" of the credential does: another key under the same id, and the old one is gone at once. */
  rotateKey(): Promise<void>;
  /** The public key that is published now. */
  publicJwk(): JWK;
}

/**
 * Stands in for a controller with the OpenID Connect Provider plugin on loopback: discovery and key set of the root and of each
 * folder that has a credential, and tokens as the plugin makes them. Source: the plugin's `Keys`, `Issuer`, `IdTokenCredentials`.
 */
export interface JenkinsIssuer {
  /** Root URL of the controller, with a slash at the end. */
  readonly rootUrl: string;
  /** Paths that were asked for, in order, without query; bindings not among them. */
  readonly paths: readonly string[];
  addCredential(options: JenkinsCredentialOptions): Promise<JenkinsCredential>;
  /** `JOB_URL` of a job. */
  jobUrl(job: string): string;
  /** Serves all key sets in another way, or normally again. */
  serveKeySet(serving?: KeySetServing): void;
  close(): Promise<void>;
}

interface StoredCredential extends JenkinsCredentialOptions {
  /** Path of its folder below `oidc`. */
  readonly path: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

type Claims = Readonly<Record<string, unknown>>;

interface State {
  serving: KeySetServing | undefined;
  readonly rootUrl: string;
  readonly options: JenkinsIssuerOptions;
  readonly paths: string[];
  readonly credentials: StoredCredential[];
  readonly bindings: (() => Promise<string>)[];
}

/** Starts the controller on a free loopback port. */
export async function startJenkinsIssuer(options: JenkinsIssuerOptions = {}): Promise<JenkinsIssuer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    handle(state, request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createHttpServer(answer) : createHttpsServer(options.tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const rootUrl = `${options.tls === undefined ? 'http' : 'https'}://${options.host ?? 'localhost'}:${port}/`;
  const state: State = { serving: undefined, rootUrl, options, paths: [], credentials: [], bindings: [] };
  return issuerOf(state, server);
}

function issuerOf(state: State, server: Server): JenkinsIssuer {
  return {
    rootUrl: state.rootUrl,
    paths: state.paths,
    addCredential: (options) => addCredential(state, options),
    jobUrl: (job) => jobUrl(state, job),
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

async function addCredential(state: State, options: JenkinsCredentialOptions): Promise<JenkinsCredential> {
  const path = options.folder === undefined ? '' : `/${jobPath(options.folder)}`;
  const stored: StoredCredential = { ...options, path, ...(await createKey(options.id)) };
  state.credentials.push(stored);
  const issuer = options.issuer ?? `${state.rootUrl}oidc${path}`;
  const tokenOf = (build: JenkinsBuild, claims: Claims) =>
    mint(state, stored, { iss: issuer, ...buildClaims(state, build) }, claims);
  return {
    id: options.id,
    issuer,
    mint: (build, claims = {}) => tokenOf(build, claims),
    bindingUrl: (build, claims = {}) => {
      state.bindings.push(() => tokenOf(build, claims));
      return `${state.rootUrl}binding/${state.bindings.length - 1}`;
    },
    rotateKey: async () => {
      Object.assign(stored, await createKey(options.id));
    },
    publicJwk: () => stored.jwk,
  };
}

/** Java writes a modulus with its sign: a zero byte in front, which RFC 7518 section 6.3.1.1 does not allow. */
async function createKey(kid: string): Promise<{ readonly privateKey: CryptoKey; readonly jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const { n = '', e = '' } = await exportJWK(publicKey);
  const signed = Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]).toString('base64url');
  return { privateKey, jwk: { kid, kty: 'RSA', alg: 'RS256', use: 'sig', n: signed, e } };
}

/** Path of a folder or job below the root: `job/team/job/app`. */
function jobPath(name: string): string {
  return name
    .split('/')
    .map((part) => `job/${encodeURIComponent(part)}`)
    .join('/');
}

function jobUrl(state: State, job: string): string {
  return `${state.rootUrl}${jobPath(job)}/`;
}

/** The claim templates that an installation starts with. */
function buildClaims(state: State, { job, number }: JenkinsBuild): Claims {
  return { sub: jobUrl(state, job), build_number: number };
}

function mint(state: State, credential: StoredCredential, templates: Claims, changes: Claims): Promise<string> {
  const { now = () => new Date(), tokenLifetime = 3600 } = state.options;
  const issuedAt = Math.floor(now().getTime() / 1000);
  const { iss, ...claims } = templates;
  const payload = {
    iss,
    aud: [credential.audience ?? null],
    iat: issuedAt,
    exp: issuedAt + tokenLifetime,
    ...claims,
    ...changes,
  };
  const header = { kid: credential.id, typ: 'JWT', alg: 'RS256' };
  return new SignJWT(payload as Record<string, unknown>).setProtectedHeader(header).sign(credential.privateKey);
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', state.rootUrl);
  const [, binding] = /^\/binding\/(\d+)$/.exec(pathname) ?? [];
  const token = binding === undefined ? undefined : await state.bindings[Number(binding)]?.();
  if (token !== undefined) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(token);
    return;
  }
  const { otherwise } = state.options;
  if (otherwise !== undefined && !pathname.startsWith('/oidc')) return otherwise(request, response);
  state.paths.push(pathname);
  const [, folder = '', document] = /^\/oidc(.*)\/(jwks|\.well-known\/openid-configuration)$/.exec(pathname) ?? [];
  // A folder without such a credential is not even said to exist.
  const served = state.credentials.filter(({ path, issuer }) => path === folder && issuer === undefined);
  if (document === undefined || served.length === 0) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
  } else if (document !== 'jwks') {
    json(response, discovery(`${state.rootUrl}oidc${folder}`));
  } else if (state.serving === undefined) {
    json(response, { keys: served.map(({ jwk }) => jwk) });
  } else {
    serveKeys(state.serving, response);
  }
}

function discovery(issuer: string): unknown {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_endpoint: 'https://unimplemented',
    token_endpoint: 'https://unimplemented',
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(body));
}
