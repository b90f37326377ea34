import type { ClaimValue, Claims } from '@originsign/core/platforms/claim-schema';
import { AZURE_RUN } from '@originsign/testkit/azure-devops-api';
import { GITHUB_RUN } from '@originsign/testkit/github-api';
import type { KeySetServing } from '@originsign/testkit/key-set-serving';
import { createGuardedFetch } from '../egress/guarded-fetch.ts';
import type { ConnectorConfig, ConnectorPorts, ConnectorQuestion } from './origin-connector.ts';

/** Moment of every lookup in the tests, until one moves it. */
export const NOW = new Date(1_800_000_060_000);

/** A clock that stands still. */
export interface StoppedClock {
  readonly now: () => Date;
  forward(milliseconds: number): void;
}

export function stoppedClock(): StoppedClock {
  let time = NOW.getTime();
  return {
    now: () => new Date(time),
    forward: (milliseconds) => void (time += milliseconds),
  };
}

/** The real way out of the server, with a clock that stands still. */
export function realPorts(): ConnectorPorts & { readonly clock: StoppedClock; readonly close: () => Promise<void> } {
  const { fetch, close } = createGuardedFetch();
  const clock = stoppedClock();
  return { fetch, now: clock.now, clock, close };
}

/** A question of a token made a moment ago, with some claims changed; `undefined` takes one away. */
export function questionOf(
  claims: Claims,
  changes: Readonly<Record<string, ClaimValue | undefined>> = {},
  issuer = 'https://issuer.example',
): ConnectorQuestion {
  const all = Object.entries({ ...claims, ...changes }).filter(
    (entry): entry is [string, ClaimValue] => entry[1] !== undefined,
  );
  return { claims: Object.fromEntries(all), issuedAt: new Date(NOW.getTime() - 10_000), issuer };
}

/** A question about the run that the stand-in for Azure DevOps serves. */
export const azureQuestion = (changes: Readonly<Record<string, ClaimValue | undefined>> = {}): ConnectorQuestion =>
  questionOf(
    {
      'azure.prj_id': AZURE_RUN.project,
      'azure.def_id': String(AZURE_RUN.definition),
      'azure.rpo_id': AZURE_RUN.repository,
      'azure.rpo_ver': AZURE_RUN.commit,
      'azure.rpo_ref': AZURE_RUN.ref,
      'azure.run_id': String(AZURE_RUN.run),
    },
    changes,
  );

/** A question about the run that the stand-in for GitHub serves. */
export const githubQuestion = (changes: Readonly<Record<string, ClaimValue | undefined>> = {}): ConnectorQuestion =>
  questionOf(
    {
      'github.repository': GITHUB_RUN.repository,
      'github.repository_id': String(GITHUB_RUN.repositoryId),
      'github.run_id': String(GITHUB_RUN.run),
      'github.run_attempt': 1,
      'github.sha': GITHUB_RUN.commit,
      'github.ref': GITHUB_RUN.ref,
      'github.event_name': 'push',
      'github.check_run_id': String(GITHUB_RUN.job),
    },
    changes,
  );

/** A configuration for a stand-in on loopback. */
export function configOf(
  type: ConnectorConfig['type'],
  url: string,
  credential: ConnectorConfig['credential'],
): ConnectorConfig {
  return { systemId: 'ci', type, url, credential, allowPrivateAddress: true };
}

const html = '<html><body>Sign in</body></html>';
const body = (status: number, text: string, headers: Record<string, string> = {}): KeySetServing => ({
  kind: 'body',
  status,
  body: text,
  headers,
});

/** Ways in which an API fails, and the code that each ends with on every platform. */
export const FAILURES: readonly (readonly [name: string, serving: KeySetServing, code: string])[] = [
  ['401', body(401, '{"message":"Bad credentials"}'), 'connector.refused'],
  ['403', body(403, '{"message":"Resource not accessible by integration"}'), 'connector.refused'],
  ['403 with a page', body(403, html, { 'content-type': 'text/html' }), 'connector.refused'],
  ['203 with a page to sign in', body(203, html, { 'content-type': 'text/html' }), 'connector.refused'],
  ['429', body(429, '{}'), 'connector.unavailable'],
  ['403 about the limit of calls', body(403, '{"message":"API rate limit exceeded"}'), 'connector.unavailable'],
  ['500', body(500, html), 'connector.unavailable'],
  ['502', body(502, ''), 'connector.unavailable'],
  ['204', body(204, ''), 'connector.unavailable'],
  ['404', body(404, '{"message":"Not Found"}'), 'connector.disagrees'],
  ['a page instead of JSON', body(200, html), 'connector.unavailable'],
  ['nothing', body(200, ''), 'connector.unavailable'],
  ['half of a document', body(200, '{"id": 1'), 'connector.unavailable'],
  ['a key twice', body(200, '{"id":1,"id":2}'), 'connector.unavailable'],
  ['a list', body(200, '[]'), 'connector.unavailable'],
  ['null', body(200, 'null'), 'connector.unavailable'],
  ['a text', body(200, '"missing"'), 'connector.unavailable'],
  ['an empty document', body(200, '{}'), 'connector.unavailable'],
  ['more bytes than any answer has', { kind: 'endless' }, 'connector.unavailable'],
];
