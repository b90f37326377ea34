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
 * (`<root>/oidc/job/<folder>…`). An issuer of another form, or of another host, needs the system's `serverUrl`. `undefined`
 * where neither says it.
 */
export function jenkinsScope({ issuer, serverUrl }: SystemIdentity): JenkinsScope | undefined {
  // The shortest root: a folder may be called oidc too.
  const [, root, folder = ''] = /^(https?:\/\/.+?)\/oidc((?:\/job\/[^/]+)*)$/.exec(issuer) ?? [];
  if (serverUrl !== undefined && serverUrl !== root) return { root: serverUrl, folder: serverUrl };
  return root === undefined ? undefined : { root, folder: `${root}${folder}` };
}

/**
 * Names of folders and jobs, percent-encoded as Jenkins writes them: no empty ones, no hidden slash, dot or control character.
 * Whoever decodes a name once more, or resolves dots, must not end up at another job.
 */
const SEGMENTS = /^(?:\/job\/(?!\.{1,2}\/)(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%(?!2[EF]|5C|[01]|7F)[0-9A-F]{2})+)+\/$/;

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
