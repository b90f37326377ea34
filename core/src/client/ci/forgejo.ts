import { actionsTokens, type ActionsPlatform, type GithubActionsPorts } from './github-actions.ts';
import type { TokenSource } from './token-source.ts';

const FORGEJO: ActionsPlatform = {
  type: 'forgejo',
  name: 'Forgejo',
  permission: 'add "enable-openid-connect: true" to the job; it takes Forgejo 15 and Forgejo Runner 12.5',
  status: 'look at the log of the Forgejo instance, then run the job again',
};

/** True where a job of Forgejo Actions runs this process: it poses as GitHub and says who it is besides. */
export function isForgejo(environment: GithubActionsPorts['environment']): boolean {
  if (['FORGEJO_ACTIONS', 'GITEA_ACTIONS'].some((name) => environment[name] === 'true')) return true;
  return /\/api\/actions\//.test(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
}

/** Identity tokens of a job of Forgejo Actions, by GitHub's protocol. Throws what {@link actionsTokens} throws. */
export function forgejoTokens(ports: GithubActionsPorts): TokenSource {
  return actionsTokens(ports, FORGEJO);
}
