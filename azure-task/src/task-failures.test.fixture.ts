import type { AzureJobOptions } from '@originsign/testkit/azure-issuer';
import type { TaskRun } from './agent.test.fixture.ts';
import { ENTRA_CONNECTION } from './azure-policies.test.fixture.ts';

/** One thing that goes wrong, and every word that a person then reads. */
export interface TaskFailure {
  readonly what: string;
  /** How the job differs from one whose request is granted. */
  readonly job?: AzureJobOptions;
  /** How the task is run instead of well. */
  readonly change?: Partial<TaskRun>;
  /** Output `status`. */
  readonly status: 'denied' | 'failed';
  readonly said: string;
}

/** Where things stand that do not work. */
export interface BrokenPlaces {
  /** Port of this machine where nobody listens. */
  readonly closedPort: number;
  /** Proxy that wants credentials, without them. */
  readonly proxyUrl: string;
}

const OTHER_CONNECTION = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const entra = { connections: [{ id: ENTRA_CONNECTION, kind: 'entra' }] } as const;
const claims = (changes: Readonly<Record<string, unknown>>): AzureJobOptions => ({ ...entra, claims: changes });
const hourAgo = () => {
  const now = Math.floor(Date.now() / 1000);
  return { nbf: now - 4200, iat: now - 3600, exp: now - 3000 };
};

/** Failures of the platform, of the policy and of the network. Names that differ from run to run are in capitals. */
export function taskFailures(places: BrokenPlaces): readonly TaskFailure[] {
  return [...platformFailures(), ...refusals(), ...networkFailures(places)];
}

function platformFailures(): readonly TaskFailure[] {
  return [
    {
      what: 'an agent that gives the task no access token',
      change: { environment: { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: undefined } },
      status: 'failed',
      said: `error: The step has no access token, so it may not ask for an identity token [token.permission]
hint: the agent passes the access token of the job to every task, and it ends with the job: run the job again
see:  SERVER/errors/token.permission`,
    },
    {
      what: 'an access token that is not accepted',
      change: { environment: { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'access-of-another-job' } },
      status: 'failed',
      said: `error: Azure DevOps handed out no identity token: it did not accept the access token of the job (status 401) [token.permission]
hint: the agent passes the access token of the job to every task, and it ends with the job: run the job again
see:  SERVER/errors/token.permission`,
    },
    {
      what: 'a server of Azure DevOps without an endpoint for tokens',
      change: { environment: { SYSTEM_OIDCREQUESTURI: undefined } },
      status: 'failed',
      said: `error: Azure DevOps handed out no identity token: the agent names no endpoint for them [token.unavailable]
hint: Azure DevOps Services has one (SYSTEM_OIDCREQUESTURI); Azure DevOps Server has none: give ORIGINSIGN_TOKEN there
see:  SERVER/errors/token.unavailable`,
    },
    {
      what: 'a connection that the stage does not name',
      change: { inputs: { oidcConnection: OTHER_CONNECTION } },
      status: 'failed',
      said: `error: Azure DevOps handed out no identity token: it gives the job no token of the service connection: There is no explicit reference to service connection ${OTHER_CONNECTION} from current stage Sign [token.permission]
hint: name the connection in the input oidcConnection of the task and let the pipeline use it; a script can only use a connection that a task of its job names
see:  SERVER/errors/token.permission`,
    },
    {
      what: 'no connection of the signing server',
      change: { inputs: { serverConnection: '' } },
      status: 'failed',
      said: `error: The input serverConnection is missing [input.missing]
hint: make a service connection of the type "OriginSign signing server" and give its name`,
    },
  ];
}

function refusals(): readonly TaskFailure[] {
  return [
    {
      what: 'a build of another branch',
      job: claims({ rpo_ref: 'refs/heads/main' }),
      status: 'denied',
      said: `error: denied by acme-azure/release [policy.denied]
  rule tag-build: 1 of 7 conditions failed
    azure.rpo_ref   expected glob refs/tags/v*   actual refs/heads/main
hint: sign from a ref that matches refs/tags/v*
see:  SERVER/errors/policy.denied`,
    },
    {
      what: 'a job that names no signing-only connection',
      change: { inputs: { oidcConnection: '' } },
      status: 'denied',
      said: `error: denied by acme-azure/release [policy.denied]
  rule tag-build: 1 of 7 conditions failed
    azure.service_connection_id   expected is ${ENTRA_CONNECTION}   actual (none)
hint: name the signing-only service connection in oidcConnection: ${ENTRA_CONNECTION}
see:  SERVER/errors/policy.denied`,
    },
    {
      what: 'a pull request',
      job: claims({ rpo_ref: 'refs/pull/17/merge' }),
      status: 'denied',
      said: `error: The run builds a pull request, whose commits are not reviewed yet [token.pull_request]
hint: sign the branch after the merge
see:  SERVER/errors/token.pull_request`,
    },
    {
      what: 'a token of another organization, which the same key signed',
      job: claims({ org_id: '11111111-2222-4333-8444-555555555555' }),
      status: 'denied',
      said: `error: The token comes from an issuer that this server does not trust [token.issuer_unknown]
hint: ask the platform team to add the trusted build system
see:  SERVER/errors/token.issuer_unknown`,
    },
    {
      what: 'a token for another audience',
      job: claims({ aud: 'https://sign.other.example' }),
      status: 'denied',
      said: `error: The token was made for another audience [token.audience]
  expected audience api://AzureADTokenExchange
hint: make the token for exactly the audience that is expected
see:  SERVER/errors/token.audience`,
    },
    {
      what: 'an expired token',
      job: claims(hourAgo()),
      status: 'denied',
      said: `error: The token is refused: it is expired [token.time]
hint: get the token in the step that signs; if it is fresh, originsign doctor compares the clocks
see:  SERVER/errors/token.time`,
    },
    {
      what: 'a repository that no project links',
      job: claims({ rpo_id: '99999999-8a0c-4a39-9f4c-0b7f3a6e2d11' }),
      status: 'denied',
      said: `error: This repository is not linked to a project of that name [project.unknown]
hint: ask the platform team to link the repository
see:  SERVER/errors/project.unknown`,
    },
  ];
}

function networkFailures({ closedPort, proxyUrl }: BrokenPlaces): readonly TaskFailure[] {
  return [
    {
      what: 'a server that is down',
      change: { server: `http://localhost:${closedPort}` },
      status: 'failed',
      said: `error: No answer from localhost:CLOSED: nobody listens there (ECONNREFUSED) [server.unreachable]
hint: check address and port, and that the server runs`,
    },
    {
      what: 'a certificate that nobody here trusts',
      change: { connection: {} },
      status: 'failed',
      said: `error: No answer from HOST: its certificate is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE) [server.unreachable]
hint: put the private authority into the service connection of the server, or name its PEM file in caFile`,
    },
    {
      what: 'a proxy of the agent that wants a password',
      change: { server: 'https://sign.acme.example', environment: { AGENT_PROXYURL: proxyUrl } },
      status: 'failed',
      said: `error: No answer from sign.acme.example: the proxy PROXY wants a user name and a password (407) [server.unreachable]
hint: look at the proxy of the agent: --proxyurl, --proxyusername and --proxypassword of its configuration, and .proxybypass beside it`,
    },
  ];
}
