import { utf8 } from '../../encoding/bytes.ts';
import { isJsonObject, tryStrictJson } from '../../encoding/strict-json.ts';
import { OriginSignError } from '../../errors/error.ts';
import { isLocalHost } from '../../platforms/local-host.ts';
import type { FetchResponse } from '../fetch-port.ts';
import { askForToken, isPassingStatus, isTokenShaped, noToken, type TokenEndpointPorts } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface BuildkitePorts extends TokenEndpointPorts {
  /** `BUILDKITE_AGENT_ACCESS_TOKEN`, `BUILDKITE_JOB_ID` and, where it is another one, `BUILDKITE_AGENT_ENDPOINT`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

const PLATFORM = 'Buildkite';
const ENDPOINT = 'https://agent.buildkite.com/v3';
const STATUS_HINT = 'look at the status of Buildkite, then run the job again';
/** Claims that are in a token only where they are asked for: without them a server cannot tell organizations apart. */
const CLAIMS = ['organization_id', 'pipeline_id'];

/** True where a job of Buildkite runs this process. */
export function isBuildkite(environment: BuildkitePorts['environment']): boolean {
  return environment['BUILDKITE'] === 'true';
}

/**
 * Identity tokens of a Buildkite job, made by the Agent API for any audience, as `buildkite-agent oidc request-token` gets
 * them. Throws `token.permission` at once where the step has no access token of the agent.
 */
export function buildkiteTokens(ports: BuildkitePorts): TokenSource {
  const { environment, mask } = ports;
  const secret = environment['BUILDKITE_AGENT_ACCESS_TOKEN'] ?? '';
  const job = environment['BUILDKITE_JOB_ID'] ?? '';
  if (secret === '' || job === '') {
    throw new OriginSignError('token.permission', 'The step has no access token of its agent.', {
      hint: 'hand BUILDKITE_AGENT_ACCESS_TOKEN, BUILDKITE_AGENT_ENDPOINT and BUILDKITE_JOB_ID to the container; the docker plugin does with propagate-environment and environment',
    });
  }
  mask(secret);
  const url = tokenUrl(environment['BUILDKITE_AGENT_ENDPOINT'] ?? '', job);
  const headers = {
    accept: 'application/json',
    authorization: `Token ${secret}`,
    'content-type': 'application/json',
  };
  return {
    platform: 'buildkite',
    renewable: true,
    async token(audience, signal) {
      const body = utf8(JSON.stringify({ audience, claims: CLAIMS }));
      const call = { platform: PLATFORM, url, request: { method: 'POST', headers, body } as const, tokenOf };
      const token = await askForToken(call, ports, signal);
      mask(token);
      return token;
    },
  };
}

function tokenUrl(endpoint: string, job: string): string {
  const base = endpoint === '' ? ENDPOINT : endpoint.replace(/\/+$/, '');
  const url = URL.canParse(base) ? new URL(base) : undefined;
  // The access token of the agent goes there.
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocalHost(url.hostname))) {
    throw noToken(PLATFORM, 'BUILDKITE_AGENT_ENDPOINT is not an https URL', { hint: STATUS_HINT });
  }
  return `${base}/jobs/${encodeURIComponent(job)}/oidc/tokens`;
}

function tokenOf({ status, headers, body }: FetchResponse): string {
  const document = status >= 200 && status < 300 ? tryStrictJson(body) : undefined;
  const token = isJsonObject(document) ? document['token'] : undefined;
  if (isTokenShaped(token)) return token;
  const isAnswer = status >= 200 && status < 300;
  throw noToken(PLATFORM, isAnswer ? 'its answer holds no token' : `it answered with status ${status}`, {
    hint: STATUS_HINT,
    passing: isPassingStatus(status),
    retryAfter: headers['retry-after'],
  });
}
