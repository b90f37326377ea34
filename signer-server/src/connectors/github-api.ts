import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { ConnectorConfig, ConnectorPorts } from './origin-connector.ts';
import { createPlatformApi, type PlatformApi } from './platform-api.ts';
import { createSharedFacts } from './shared-facts.ts';

/** Installation tokens live an hour. */
const TOKEN_LIFETIME = 45 * 60_000;
/** GitHub takes tokens of an app for ten minutes at most; a minute is for clocks that differ. Seconds. */
const APP_TOKEN = { before: 60, after: 480 } as const;

/**
 * The API as seen with the configured credential. A token is sent as it is. The private key of a GitHub App (PEM, with the
 * app's client id as user) is exchanged for a token of its installation that reads this one repository.
 * Source: docs.github.com, Generating an installation access token.
 */
export function githubApi(
  config: ConnectorConfig,
  ports: ConnectorPorts,
): (repository: string) => Promise<PlatformApi> {
  const withToken = (token: string): PlatformApi =>
    createPlatformApi(
      {
        ...config,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'x-github-api-version': '2022-11-28',
        },
        redirectMeans: 'moved',
      },
      ports,
    );
  const { user = '', token } = config.credential;
  if (!token.startsWith('-----BEGIN ')) {
    const api = withToken(token);
    return () => Promise.resolve(api);
  }
  const key = createPrivateKey(token);
  const apis = createSharedFacts<PlatformApi>(TOKEN_LIFETIME, ports.now);
  return (repository) =>
    apis.get(repository, async () => {
      const app = withToken(appToken(user, key, ports.now()));
      const installation = (await app.read(`${repository}/installation`)).integer('id');
      const name = repository.slice(repository.lastIndexOf('/') + 1);
      const answer = await app.create(`/app/installations/${installation}/access_tokens`, { repositories: [name] });
      return withToken(answer.text('token'));
    });
}

function appToken(clientId: string, key: KeyObject, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = { iat: seconds - APP_TOKEN.before, exp: seconds + APP_TOKEN.after, iss: clientId };
  const input = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => encodeBase64url(utf8(JSON.stringify(part))))
    .join('.');
  return `${input}.${encodeBase64url(sign('sha256', utf8(input), key))}`;
}
