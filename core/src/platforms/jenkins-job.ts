import { OriginSignError } from '../errors/error.ts';
import type { SystemIdentity } from './platform.ts';

/** Where the jobs of an issuer lie. */
export interface JenkinsScope {
  /** Root URL of the controller, without a slash at the end. */
  readonly root: string;
  /** URL of the folder whose credentials the issuer stands for, without a slash at the end; the root where it is all. */
  readonly folder: string;
}

/**
 * The jobs that an issuer may speak for: all of a controller (`<root>/oidc`), or those of one folder
 * (`<root>/oidc/job/<folder>…`). An issuer of another form needs the system's `serverUrl`. `undefined` where neither says it.
 */
export function jenkinsScope({ issuer, serverUrl }: SystemIdentity): JenkinsScope | undefined {
  if (serverUrl !== undefined) return { root: serverUrl, folder: serverUrl };
  const [, root, folder = ''] = /^(https?:\/\/.+)\/oidc((?:\/job\/[^/]+)*)$/.exec(issuer) ?? [];
  return root === undefined ? undefined : { root, folder: `${root}${folder}` };
}

/** Names of folders and jobs, percent-encoded as Jenkins writes them: no empty ones, none that climb, no hidden slash. */
const SEGMENTS = /^(?:\/job\/(?!\.{1,2}\/)(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%(?!2[Ff]|5[Cc]|00)[0-9A-Fa-f]{2})+)+\/$/;

/** Path of a job below the root, `/job/team/job/app/`. Throws `token.origin` where the job is not one of the issuer's. */
export function jenkinsJobPath(job: string, scope: JenkinsScope): string {
  const below = job.startsWith(`${scope.folder}/`) ? job.slice(scope.folder.length) : '';
  if (!SEGMENTS.test(below)) {
    throw new OriginSignError('token.origin', 'The token names a job that its issuer does not speak for.', {
      hint: 'the issuer of a folder speaks for the jobs below it, and sub must be ${JOB_URL}',
    });
  }
  return job.slice(scope.root.length);
}
