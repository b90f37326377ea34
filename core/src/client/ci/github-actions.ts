import { OriginSignError } from '../../errors/error.ts';
import { isJsonObject, tryStrictJson } from '../../encoding/strict-json.ts';
import type { FetchResponse } from '../fetch-port.ts';
import { askForToken, isPassingStatus, isTokenShaped, noToken, type TokenEndpointPorts } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface GithubActionsPorts extends TokenEndpointPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

/** True where a job of GitHub Actions, or of a platform that speaks its protocol, runs this process. */
export function isGithubActions(environment: GithubActionsPorts['environment']): boolean {
  return environment['GITHUB_ACTIONS'] === 'true' || environment['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined;
}

/**
 * Identity tokens of a GitHub Actions job, made by the runner's endpoint for any audience. Throws `token.permission` at once
 * where the job has no endpoint. Source: docs.github.com, "OpenID Connect reference", and the toolkit's `getIDToken`.
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
      const headers = { accept: 'application/json', authorization: `Bearer ${secret}` };
      const request = { method: 'GET', headers } as const;
      const call = { platform: 'GitHub', url: tokenUrl(url, audience), request, tokenOf };
      const token = await askForToken(call, ports, signal);
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

/** The answer is parsed without ever quoting it: on some errors it repeats what was sent. */
function tokenOf({ status, headers, body }: FetchResponse): string {
  if (status !== 200) {
    throw unavailable(`it answered with status ${status}`, isPassingStatus(status), headers['retry-after']);
  }
  const document = tryStrictJson(body);
  const value = isJsonObject(document) ? document['value'] : undefined;
  if (!isTokenShaped(value)) throw unavailable('its answer holds no token');
  return value;
}

function unavailable(what: string, passing = false, retryAfter?: string): OriginSignError {
  return noToken('GitHub', what, {
    hint: 'look at the status of GitHub Actions, then run the job again',
    passing,
    retryAfter,
  });
}
