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

/** A platform that speaks the protocol, and what it says to people. */
export interface ActionsPlatform {
  /** Type of the platform. */
  readonly type: string;
  readonly name: string;
  /** What a job lacks that may not ask. */
  readonly permission: string;
  /** Where to look when the endpoint gives none. */
  readonly status: string;
}

const GITHUB: ActionsPlatform = {
  type: 'github-actions',
  name: 'GitHub',
  permission: 'add "permissions: id-token: write" to the job; pull requests from forks never get tokens',
  status: 'look at the status of GitHub Actions, then run the job again',
};

/** Identity tokens of a GitHub Actions job; see {@link actionsTokens}. */
export function githubActionsTokens(ports: GithubActionsPorts): TokenSource {
  return actionsTokens(ports, GITHUB);
}

/**
 * Identity tokens of a job on GitHub or on what speaks its protocol, made by the runner's endpoint for any audience. Throws
 * `token.permission` at once where the job has no endpoint. Source: docs.github.com, "OpenID Connect reference", and the
 * toolkit's `getIDToken`.
 */
export function actionsTokens(ports: GithubActionsPorts, platform: ActionsPlatform): TokenSource {
  const { environment, mask } = ports;
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const secret = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  if (url === '' || secret === '') {
    throw new OriginSignError('token.permission', `The job may not ask ${platform.name} for an identity token.`, {
      hint: platform.permission,
    });
  }
  mask(secret);
  return {
    platform: platform.type,
    renewable: true,
    async token(audience, signal) {
      const headers = { accept: 'application/json', authorization: `Bearer ${secret}` };
      const request = { method: 'GET', headers } as const;
      const call = {
        platform: platform.name,
        url: tokenUrl(url, audience, platform),
        request,
        tokenOf: (answer: FetchResponse) => tokenOf(answer, platform),
      };
      const token = await askForToken(call, ports, signal);
      mask(token);
      return token;
    },
  };
}

/** The URL API keeps the parameters that are there already, and encodes an audience whatever it holds. */
function tokenUrl(base: string, audience: string, platform: ActionsPlatform): string {
  if (!URL.canParse(base)) throw unavailable(platform, 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL');
  const url = new URL(base);
  url.searchParams.set('audience', audience);
  return url.href;
}

/** The answer is parsed without ever quoting it: on some errors it repeats what was sent. */
function tokenOf({ status, headers, body }: FetchResponse, platform: ActionsPlatform): string {
  if (status !== 200) {
    throw unavailable(platform, `it answered with status ${status}`, isPassingStatus(status), headers['retry-after']);
  }
  const document = tryStrictJson(body);
  const value = isJsonObject(document) ? document['value'] : undefined;
  if (!isTokenShaped(value)) throw unavailable(platform, 'its answer holds no token');
  return value;
}

function unavailable(platform: ActionsPlatform, what: string, passing = false, retryAfter?: string): OriginSignError {
  return noToken(platform.name, what, { hint: platform.status, passing, retryAfter });
}
