import { OriginSignError } from '../../errors/error.ts';
import { azureDevopsTokens, isAzurePipelines, type AzureDevopsPorts } from './azure-devops.ts';
import { bitbucketTokens, isBitbucket } from './bitbucket.ts';
import { buildkiteTokens, isBuildkite } from './buildkite.ts';
import { circleciTokens, isCircleci } from './circleci.ts';
import { forgejoTokens, isForgejo } from './forgejo.ts';
import { githubActionsTokens, isGithubActions } from './github-actions.ts';
import { gitlabWithoutToken, isGitlab } from './gitlab.ts';
import { givenTokens, isTokenGiven } from './given-token.ts';
import type { TokenSource } from './token-source.ts';

/** Where the token of this process comes from. `given`: from whoever started it; `none`: from nowhere. */
export type CiPlatform =
  | 'given'
  | 'forgejo'
  | 'github-actions'
  | 'azure-devops'
  | 'buildkite'
  | 'circleci'
  | 'bitbucket'
  | 'gitlab'
  | 'jenkins'
  | 'none';

type Environment = Readonly<Record<string, string | undefined>>;

interface Detection {
  readonly platform: CiPlatform;
  readonly isHere: (environment: Environment) => boolean;
  readonly open: (ports: AzureDevopsPorts) => TokenSource;
}

/** In this order, of which the first counts: what somebody gave on purpose, platforms with an endpoint, those without. */
const DETECTIONS: readonly Detection[] = [
  { platform: 'given', isHere: isTokenGiven, open: givenTokens },
  // It poses as GitHub.
  { platform: 'forgejo', isHere: isForgejo, open: forgejoTokens },
  { platform: 'github-actions', isHere: isGithubActions, open: githubActionsTokens },
  { platform: 'azure-devops', isHere: isAzurePipelines, open: azureDevopsTokens },
  { platform: 'buildkite', isHere: isBuildkite, open: buildkiteTokens },
  { platform: 'circleci', isHere: isCircleci, open: (ports) => circleciTokens(ports) },
  { platform: 'bitbucket', isHere: isBitbucket, open: bitbucketTokens },
  { platform: 'gitlab', isHere: isGitlab, open: gitlabWithoutToken },
  { platform: 'jenkins', isHere: isJenkins, open: jenkinsWithoutToken },
  { platform: 'none', isHere: () => true, open: noPlatform },
];

function detect(environment: Environment): Detection {
  const found = DETECTIONS.find(({ isHere }) => isHere(environment));
  if (found === undefined) throw new TypeError('The last row of the table is for everything else.');
  return found;
}

/** The platform that this process runs on, by its environment alone. */
export function detectPlatform(environment: Environment): CiPlatform {
  return detect(environment).platform;
}

/**
 * The tokens of the platform that this process runs on. Throws `token.permission` where the job may not have one,
 * `token.unavailable` where there is no platform that hands them out, and `input.invalid` for variables that cannot be.
 */
export function detectTokens(ports: AzureDevopsPorts): TokenSource {
  return detect(ports.environment).open(ports);
}

function isJenkins(environment: Environment): boolean {
  return ['JENKINS_URL', 'BUILD_URL'].some((name) => (environment[name] ?? '') !== '');
}

function jenkinsWithoutToken(): never {
  throw new OriginSignError('token.permission', 'The build was given no identity token.', {
    hint: 'bind a credential of the OpenID Connect Provider plugin: environment { ORIGINSIGN_TOKEN = credentials("originsign-oidc") }',
  });
}

function noPlatform(): never {
  throw new OriginSignError('token.unavailable', 'This process does not run on a CI platform that hands out tokens.', {
    hint: 'run it in a job of GitHub Actions with "permissions: id-token: write" or of Azure Pipelines; anywhere else put an identity token into ORIGINSIGN_TOKEN, or its path into ORIGINSIGN_TOKEN_FILE',
  });
}
