import { utf8 } from '../../encoding/bytes.ts';
import { isJsonObject, tryStrictJson } from '../../encoding/strict-json.ts';
import { OriginSignError } from '../../errors/error.ts';
import { isLocalHost } from '../../platforms/local-host.ts';
import type { FetchResponse } from '../fetch-port.ts';
import { plainText } from '../plain-text.ts';
import { askForToken, isPassingStatus, isTokenShaped, noToken, type TokenEndpointPorts } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface AzureDevopsPorts extends TokenEndpointPorts {
  /**
   * `SYSTEM_OIDCREQUESTURI` and `SYSTEM_ACCESSTOKEN` as in a script step; `ORIGINSIGN_SERVICE_CONNECTION` is the id of the
   * service connection whose token goes beside the job's own.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

const PLATFORM = 'Azure DevOps';
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_REASON = 300;
const STATUS_HINT = 'look at the status of Azure DevOps, then run the job again';
const ACCESS_HINT =
  'map the access token into the environment of the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)';
const CONNECTION_HINT =
  'name the connection in the input oidcConnection of the task and let the pipeline use it; a script can only use a connection that a task of its job names';

/** True where a job of Azure Pipelines runs this process. */
export function isAzurePipelines(environment: AzureDevopsPorts['environment']): boolean {
  return environment['TF_BUILD'] === 'True' || (environment['SYSTEM_OIDCREQUESTURI'] ?? '') !== '';
}

/**
 * Identity tokens of an Azure Pipelines job. Their audience is the same for every service, so the one asked for is ignored: the
 * pipeline's own token says what is built, and the token of a service connection, where one is named, that the job was let
 * use it. Throws `token.permission`, `token.unavailable` and `input.invalid` at once where none can be had.
 * Source: Azure DevOps REST API 7.1, "Oidctoken - Create", and the agent's own calls.
 */
export function azureDevopsTokens(ports: AzureDevopsPorts): TokenSource {
  const { environment, mask } = ports;
  const endpoint = endpointOf(environment['SYSTEM_OIDCREQUESTURI'] ?? '');
  const secret = accessTokenOf(environment['SYSTEM_ACCESSTOKEN'] ?? '');
  const connection = connectionOf(environment['ORIGINSIGN_SERVICE_CONNECTION'] ?? '');
  mask(secret);
  const ask = async (id: string | undefined, signal?: AbortSignal): Promise<string> => {
    const call = {
      platform: PLATFORM,
      url: tokenUrl(endpoint, id),
      request: requestWith(secret),
      tokenOf: (answer: FetchResponse) => tokenOf(answer, id !== undefined),
    };
    const token = await askForToken(call, ports, signal);
    mask(token);
    return token;
  };
  return {
    platform: 'azure-devops',
    renewable: true,
    token: (_audience, signal) => ask(undefined, signal),
    ...(connection === undefined ? {} : { serviceConnection: (signal) => ask(connection, signal) }),
  };
}

function endpointOf(text: string): URL {
  if (text === '') {
    throw noToken(PLATFORM, 'the agent names no endpoint for them', {
      hint: 'Azure DevOps Services has one (SYSTEM_OIDCREQUESTURI); Azure DevOps Server has none: give ORIGINSIGN_TOKEN there',
    });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The access token of the job goes there.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocalHost(url.hostname));
  if (url === undefined || !isSafe) {
    throw noToken(PLATFORM, 'SYSTEM_OIDCREQUESTURI is not an https URL', { hint: STATUS_HINT });
  }
  return url;
}

function accessTokenOf(text: string): string {
  // A script gets the text of a macro where there is no such variable.
  if (text !== '' && !text.startsWith('$(')) return text;
  throw new OriginSignError(
    'token.permission',
    'The step has no access token, so it may not ask for an identity token.',
    {
      hint: ACCESS_HINT,
    },
  );
}

function connectionOf(text: string): string | undefined {
  if (text === '' || GUID.test(text)) return text === '' ? undefined : text;
  throw new OriginSignError('input.invalid', 'ORIGINSIGN_SERVICE_CONNECTION is not the id of a service connection.', {
    hint: 'take the GUID after resourceId= in the address of the page of the connection',
  });
}

function tokenUrl(endpoint: URL, connection: string | undefined): string {
  const url = new URL(endpoint);
  url.searchParams.set('api-version', '7.1');
  if (connection !== undefined) url.searchParams.set('serviceConnectionId', connection);
  return url.href;
}

function requestWith(secret: string) {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    // An answer to a person would be a redirect to a page for signing in.
    'x-tfs-fedauthredirect': 'Suppress',
  };
  return { method: 'POST', headers, body: utf8('{}') } as const;
}

/** The endpoint also answers 200 without a token and with the reason in another field. */
function tokenOf({ status, headers, body }: FetchResponse, isConnection: boolean): string {
  const document = tryStrictJson(body);
  const token = status === 200 && isJsonObject(document) ? document['oidcToken'] : undefined;
  if (isTokenShaped(token)) return token;
  const reason = reasonIn(document);
  if (status === 401 || status === 403 || status === 203) {
    throw denied(`it did not accept the access token of the job (status ${status})`, ACCESS_HINT, reason);
  }
  if (isConnection && reason !== undefined && !isPassingStatus(status)) {
    throw denied('it gives the job no token of the service connection', CONNECTION_HINT, reason);
  }
  const what = status === 200 ? 'its answer holds no token' : `it answered with status ${status}`;
  throw noToken(PLATFORM, withReason(what, reason), {
    hint: STATUS_HINT,
    passing: isPassingStatus(status),
    retryAfter: headers['retry-after'],
  });
}

function denied(what: string, hint: string, reason: string | undefined): OriginSignError {
  const message = `${PLATFORM} handed out no identity token: ${withReason(what, reason)}.`;
  return new OriginSignError('token.permission', message, { hint });
}

function withReason(what: string, reason: string | undefined): string {
  return reason === undefined ? what : `${what}: ${reason.replace(/\.$/, '')}`;
}

/** What an error says of itself, without anything that has the length of a secret. */
function reasonIn(document: unknown): string | undefined {
  if (!isJsonObject(document)) return undefined;
  const text = [document['value'], document['message']].find((field) => typeof field === 'string');
  if (typeof text !== 'string') return undefined;
  const reason = plainText(text.slice(0, 4000))
    .replace(/\beyJ[\w+/=.~-]*|[\w+/=.~-]{40,}/g, '…')
    .trim();
  return reason === '' || reason === '…' ? undefined : plainText(reason, LONGEST_REASON);
}
