import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { serveKeys, type KeySetServing } from './key-set-serving.ts';

type Claims = Readonly<Record<string, unknown>>;

/** What a token carries besides the defaults. */
export interface IssuedToken {
  readonly audience: unknown;
  /** Claims of the platform; they replace the defaults, `undefined` removes one. */
  readonly claims: Claims;
  /** Seconds between `iat` and `exp`; 300 where left out. */
  readonly lifetime?: number;
}

/** One issuer: its discovery document and its key set lie below its URL. */
export interface OidcIssuer {
  /** Exactly as tokens carry it. */
  readonly url: string;
  mint(token: IssuedToken): Promise<string>;
  /** Serves the key set in another way, or normally again. */
  serveKeySet(serving?: KeySetServing): void;
}

/** Issuers of any platform on one loopback port. */
export interface OidcIssuers {
  /** Paths that were asked for, in order, without query. */
  readonly paths: readonly string[];
  /** Adds the issuer at this path, such as `/api/actions`; each has a key of its own. */
  add(path: string): Promise<OidcIssuer>;
  close(): Promise<void>;
}

interface State {
  readonly url: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  serving: KeySetServing | undefined;
}

const DISCOVERY = '/.well-known/openid-configuration';
const KEYS = '/.well-known/keys';

/** Starts without any issuer. */
export async function startOidcIssuers(): Promise<OidcIssuers> {
  const states = new Map<string, State>();
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    paths.push(pathname);
    answer(pathname, states, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const root = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    paths,
    add: async (path) => {
      const state = await createState(`${root}${path}`);
      states.set(path, state);
      return {
        url: state.url,
        mint: (token) => mint(state, token),
        serveKeySet: (serving) => {
          state.serving = serving;
        },
      };
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function createState(url: string): Promise<State> {
  const kid = randomUUID();
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return {
    url,
    kid,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' },
    serving: undefined,
  };
}

function mint({ url, kid, privateKey }: State, { audience, claims, lifetime = 300 }: IssuedToken): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const times = { nbf: issuedAt - 5, iat: issuedAt, exp: issuedAt + lifetime };
  const payload: Record<string, unknown> = { jti: randomUUID(), iss: url, aud: audience, ...times, ...claims };
  return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}

function answer(pathname: string, states: ReadonlyMap<string, State>, response: ServerResponse): void {
  const [, path = '', document] = /^(.*)(\/\.well-known\/(?:openid-configuration|keys))$/.exec(pathname) ?? [];
  const state = states.get(path);
  if (state === undefined) return json(response, 404, { message: 'Not found' });
  if (document === DISCOVERY) {
    return json(response, 200, {
      issuer: state.url,
      jwks_uri: `${state.url}${KEYS}`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
  }
  if (state.serving !== undefined) return serveKeys(state.serving, response);
  return json(response, 200, { keys: [state.jwk] });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
