import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AZURE_FIXTURES } from '@originsign/core/platforms/fixtures/azure';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { serveKeys, type KeySetServing } from './key-set-serving.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Which of the two issuers of service connections makes the tokens of one. */
export type ConnectionKind = 'azure-devops' | 'entra';

/** A service connection with workload identity federation, as a project has it. */
export interface AzureConnection {
  /** GUID. */
  readonly id: string;
  readonly kind: ConnectionKind;
  /** `prod-signing` where left out. */
  readonly name?: string;
}

/** What a job may do, and how the endpoint answers it. */
export interface AzureJobOptions {
  /** Claims of the pipeline token on top of a tag build of `AZURE_FIXTURES`; `undefined` removes one. */
  readonly claims?: Claims;
  /** Connections that a task of the job names; others are refused as the platform does. */
  readonly connections?: readonly AzureConnection[];
  /** So many requests are answered with 503 first. */
  readonly failures?: number;
}

/** What an agent gives the steps of a job. */
export interface AzureJob {
  /** `System.OidcRequestUri`. */
  readonly requestUri: string;
  /** `System.AccessToken`. */
  readonly accessToken: string;
  /** `serviceConnectionId` of each request for a token, `undefined` for the pipeline's own, in order. */
  readonly asked: readonly (string | undefined)[];
}

/** Stands in for the token issuers of Azure DevOps and Microsoft Entra on loopback, and for the endpoint that jobs call. */
export interface AzureIssuer {
  /** Without a path. All organizations share its keys. */
  readonly url: string;
  /** Issuer of an organization's tokens; of that of the fixtures where left out. */
  issuer(organization?: string): string;
  /** Issuer of connections of Microsoft Entra. */
  readonly entraIssuer: string;
  /** Paths that were asked for, in order, without query. */
  readonly paths: readonly string[];
  startJob(options?: AzureJobOptions): AzureJob;
  /** A token as a pipeline gets it without naming a connection. */
  mintPipeline(claims?: Claims): Promise<string>;
  /** A token of a connection. */
  mintConnection(connection: AzureConnection, claims?: Claims): Promise<string>;
  /** Serves the key sets in another way, or normally again. */
  serveKeySet(serving?: KeySetServing): void;
  close(): Promise<void>;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

interface Job extends AzureJobOptions {
  readonly accessToken: string;
  readonly asked: (string | undefined)[];
  left: number;
}

interface State {
  serving: KeySetServing | undefined;
  readonly url: string;
  readonly now: () => Date;
  readonly keys: Readonly<Record<ConnectionKind, SigningKey>>;
  readonly paths: string[];
  readonly jobs: Map<string, Job>;
}

const TENANT = '7d2c8a2e-64a0-4f6c-8d2f-6a0f0b8f5d11';
const AUDIENCE = 'api://AzureADTokenExchange';
const FIXTURE: Claims = AZURE_FIXTURES['azure-tag']?.payload ?? {};
const ORGANIZATION = String(FIXTURE['org_id']);

/** Starts the issuers on a free loopback port. */
export async function startAzureIssuer({
  now = () => new Date(),
}: { readonly now?: () => Date } = {}): Promise<AzureIssuer> {
  const server = createServer((request, response) => {
    handle(state, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const keys = { 'azure-devops': await createKey(), entra: await createKey() };
  const state: State = { serving: undefined, url: `http://localhost:${port}`, now, keys, paths: [], jobs: new Map() };
  return issuerOf(state, server);
}

function issuerOf(state: State, server: Server): AzureIssuer {
  return {
    url: state.url,
    issuer: (organization = ORGANIZATION) => `${state.url}/${organization}`,
    entraIssuer: entraIssuer(state),
    paths: state.paths,
    startJob: (options = {}) => startJob(state, options),
    mintPipeline: (claims = {}) => mintPipeline(state, claims),
    mintConnection: (connection, claims = {}) => mintConnection(state, connection, claims),
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

function entraIssuer({ url }: State): string {
  return `${url}/${TENANT}/v2.0`;
}

async function createKey(): Promise<SigningKey> {
  const kid = randomUUID();
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function startJob(state: State, options: AzureJobOptions): AzureJob {
  const id = randomUUID();
  const accessToken = `access-${randomBytes(24).toString('base64url')}`;
  const job: Job = { ...options, accessToken, asked: [], left: options.failures ?? 0 };
  state.jobs.set(id, job);
  const plan = `/acme/${String(FIXTURE['prj_id'])}/_apis/distributedtask/hubs/build/plans/${randomUUID()}`;
  return { requestUri: `${state.url}${plan}/jobs/${id}/oidctoken`, accessToken, asked: job.asked };
}

/** Valid ten minutes back and ten minutes ahead, as observed. */
function mintPipeline(state: State, claims: Claims): Promise<string> {
  const issuedAt = Math.floor(state.now().getTime() / 1000);
  const organization = typeof claims['org_id'] === 'string' ? claims['org_id'] : ORGANIZATION;
  const payload = {
    jti: randomUUID(),
    ...FIXTURE,
    aud: AUDIENCE,
    iss: `${state.url}/${organization}`,
    nbf: issuedAt - 600,
    iat: issuedAt,
    exp: issuedAt + 600,
    ...claims,
  };
  return sign(state.keys['azure-devops'], payload);
}

/** Nothing but the connection is in these tokens. Those of Microsoft Entra live for an hour. */
function mintConnection(
  state: State,
  { id, kind, name = 'prod-signing' }: AzureConnection,
  claims: Claims,
): Promise<string> {
  const issuedAt = Math.floor(state.now().getTime() / 1000);
  const isEntra = kind === 'entra';
  const payload = {
    ...(isEntra ? {} : { jti: randomUUID() }),
    sub: isEntra
      ? `/eid1/c/pub/t/Xn3Jq7o0dUmR7PpZ9C1wQA/a/kD8pE0q9mE6oWn4lN2sVbw/sc/${ORGANIZATION}/${id}`
      : `sc://acme/app/${name}`,
    aud: AUDIENCE,
    iss: isEntra ? entraIssuer(state) : `${state.url}/${ORGANIZATION}`,
    nbf: issuedAt - 300,
    iat: issuedAt,
    exp: issuedAt + (isEntra ? 3600 : 600),
    ...claims,
  };
  return sign(state.keys[kind], payload);
}

function sign({ kid, privateKey }: SigningKey, payload: Claims): Promise<string> {
  return new SignJWT({ ...payload }).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, x5t: kid }).sign(privateKey);
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', state.url);
  state.paths.push(url.pathname);
  const issuer = /^(\/.+)\/\.well-known\/openid-configuration$/.exec(url.pathname)?.[1];
  if (issuer !== undefined) {
    const jwks = issuer === `/${TENANT}/v2.0` ? `/${TENANT}/discovery/v2.0/keys` : '/.well-known/jwks';
    return json(response, 200, { issuer: state.url + issuer, jwks_uri: state.url + jwks });
  }
  const kind = keySets[url.pathname];
  if (kind !== undefined) {
    if (state.serving !== undefined) return serveKeys(state.serving, response);
    return json(response, 200, { keys: [state.keys[kind].jwk] });
  }
  const job = state.jobs.get(/\/jobs\/([^/]+)\/oidctoken$/.exec(url.pathname)?.[1] ?? '');
  if (job === undefined) return json(response, 404, { message: 'Page not found.' });
  return answerJob(state, job, { request, response, url });
}

const keySets: Readonly<Record<string, ConnectionKind | undefined>> = {
  '/.well-known/jwks': 'azure-devops',
  [`/${TENANT}/discovery/v2.0/keys`]: 'entra',
};

async function answerJob(
  state: State,
  job: Job,
  {
    request,
    response,
    url,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL },
): Promise<void> {
  if (request.method !== 'POST') return json(response, 405, { message: 'The requested resource does not support it.' });
  if (!url.searchParams.has('api-version')) return json(response, 400, { message: 'No api-version was supplied.' });
  if (request.headers.authorization !== `Bearer ${job.accessToken}`) return json(response, 401, '');
  if (job.left > 0) {
    job.left -= 1;
    return json(response, 503, { message: 'The service is unavailable.' });
  }
  const id = url.searchParams.get('serviceConnectionId') ?? undefined;
  job.asked.push(id);
  if (id === undefined) return json(response, 200, { oidcToken: await mintPipeline(state, job.claims ?? {}) });
  const connection = job.connections?.find((known) => known.id === id);
  if (connection !== undefined) return json(response, 200, { oidcToken: await mintConnection(state, connection, {}) });
  const value = `There is no explicit reference to service connection ${id} from current stage Sign.`;
  return json(response, 200, { count: value.length, value });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
