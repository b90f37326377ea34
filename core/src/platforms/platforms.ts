import { AZURE_DEVOPS } from './azure-devops.ts';
import { BITBUCKET } from './bitbucket.ts';
import { BUILDKITE } from './buildkite.ts';
import { CIRCLECI } from './circleci.ts';
import { FORGEJO } from './forgejo.ts';
import { GITHUB_ACTIONS } from './github-actions.ts';
import { GITLAB } from './gitlab.ts';
import { JENKINS } from './jenkins.ts';
import type { Platform } from './platform.ts';
import { STATIC_TOKEN } from './static-token.ts';

/** Every CI platform there is, by type. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  [GITHUB_ACTIONS.type]: GITHUB_ACTIONS,
  [AZURE_DEVOPS.type]: AZURE_DEVOPS,
  [JENKINS.type]: JENKINS,
  [GITLAB.type]: GITLAB,
  [FORGEJO.type]: FORGEJO,
  [BUILDKITE.type]: BUILDKITE,
  [CIRCLECI.type]: CIRCLECI,
  [BITBUCKET.type]: BITBUCKET,
  [STATIC_TOKEN.type]: STATIC_TOKEN,
};

/** The platform of a type; `undefined` for any other name, those of `Object.prototype` included. */
export function platformByType(type: string): Platform | undefined {
  return Object.hasOwn(PLATFORMS, type) ? PLATFORMS[type] : undefined;
}
