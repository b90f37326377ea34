import { OriginSignError } from '../../errors/error.ts';
import { isTokenShaped } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface BitbucketPorts {
  /** `BITBUCKET_STEP_OIDC_TOKEN`, which a step has where its `oidc` says so. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

/** True where a step of Bitbucket Pipelines runs this process. */
export function isBitbucket(environment: BitbucketPorts['environment']): boolean {
  return (environment['BITBUCKET_PIPELINE_UUID'] ?? '') !== '';
}

/**
 * The one identity token of a Bitbucket step, whose audience stands in `bitbucket-pipelines.yml`. Throws `token.permission`
 * where the step has none.
 */
export function bitbucketTokens({ environment, mask }: BitbucketPorts): TokenSource {
  const token = environment['BITBUCKET_STEP_OIDC_TOKEN'] ?? '';
  if (token !== '') mask(token);
  if (!isTokenShaped(token)) {
    throw new OriginSignError('token.permission', 'The step was given no identity token.', {
      hint: 'add "oidc: {audiences: [<URL of the signing server>]}" to the step in bitbucket-pipelines.yml',
    });
  }
  return { platform: 'bitbucket', renewable: false, token: () => Promise.resolve(token) };
}
