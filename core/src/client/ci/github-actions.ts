import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import { isJsonObject, tryStrictJson } from '../../encoding/strict-json.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import type { EventSink } from '../events.ts';
import type { FetchPort, FetchResponse } from '../fetch-port.ts';
import { isPassing, withRetries } from '../retry.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface GithubActionsPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly events?: EventSink;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

const PATIENCE = 120_000;
const CALL_TIMEOUT = 20_000;

/** True where a job of GitHub Actions, or of a platform that speaks its protocol, runs this process. */
export function isGithubActions(environment: GithubActionsPorts['environment']): boolean {
  return environment['GITHUB_ACTIONS'] === 'true' || environment['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined;
}

/**
 * Identity tokens of a GitHub Actions job, made by the runner's endpoint for any audience. The endpoint answers 5xx or not at
 * all now and then, so calls are repeated. Throws `token.permission` at once where the job has no endpoint.
 * Source: docs.github.com, "OpenID Connect reference", and the toolkit's `getIDToken`.
 */
export function githubActionsTokens(ports: GithubActionsPorts): TokenSource {
  const { environment, mask } = ports;
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const secret = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  if (url === '' || secret === '') {
    throw new OriginSignError('token.permission', 'The job may not ask GitHub for an identity token.', {
      hint: 'add "permissions: id-token: write" to the job; pull requests from forks never get tokens',
    });
  }
  mask(secret);
  return {
    platform: 'github-actions',
    renewable: true,
    async token(audience, signal) {
      const patience = {
        clock: ports.clock,
        events: ports.events ?? (() => undefined),
        milliseconds: PATIENCE,
        isPassing: (error: unknown) => isOriginSignError(error) && error.details?.['passing'] === true,
        ...(signal === undefined ? {} : { signal }),
      };
      const token = await withRetries(patience, () => ask(ports.fetch, tokenUrl(url, audience), secret, signal));
      mask(token);
      return token;
    },
  };
}

/** The URL API keeps the parameters that are there already, and encodes an audience whatever it holds. */
function tokenUrl(base: string, audience: string): string {
  if (!URL.canParse(base)) throw unavailable('ACTIONS_ID_TOKEN_REQUEST_URL is not a URL');
  const url = new URL(base);
  url.searchParams.set('audience', audience);
  return url.href;
}

async function ask(fetch: FetchPort, url: string, secret: string, signal?: AbortSignal): Promise<string> {
  let answer: FetchResponse;
  try {
    answer = await fetch(url, {
      method: 'GET',
      headers: { accept: 'application/json', authorization: `Bearer ${secret}` },
      timeout: CALL_TIMEOUT,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (!(cause instanceof OriginSignError)) throw cause;
    throw new OriginSignError('token.unavailable', `GitHub handed out no identity token. ${cause.message}`, {
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      details: { passing: isPassing(cause) },
      cause,
    });
  }
  if (answer.status !== 200) throw refused(answer);
  return tokenOf(answer.body);
}

function refused({ status, headers }: FetchResponse): OriginSignError {
  const passing = status === 429 || status >= 500;
  const seconds = Number(headers['retry-after']);
  return unavailable(`it answered with status ${status}`, passing, Number.isFinite(seconds) ? seconds : undefined);
}

/** The answer is parsed without ever quoting it: on some errors it repeats what was sent. */
function tokenOf(body: Uint8Array): string {
  const document = tryStrictJson(body);
  const value = isJsonObject(document) ? document['value'] : undefined;
  if (typeof value !== 'string' || value.length > LIMITS.token || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) {
    throw unavailable('its answer holds no token');
  }
  return value;
}

function unavailable(what: string, passing = false, retryAfter?: number): OriginSignError {
  return new OriginSignError('token.unavailable', `GitHub handed out no identity token: ${what}.`, {
    hint: 'look at the status of GitHub Actions, then run the job again',
    details: { passing },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
