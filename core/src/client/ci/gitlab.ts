import { OriginSignError } from '../../errors/error.ts';

/** True where a job of GitLab CI runs this process. */
export function isGitlab(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['GITLAB_CI'] === 'true';
}

/** A job of GitLab has its tokens in variables of its own choice: one that named none for signing cannot sign. */
export function gitlabWithoutToken(): never {
  throw new OriginSignError('token.permission', 'The job was given no identity token.', {
    hint: 'add "id_tokens: {ORIGINSIGN_TOKEN: {aud: <URL of the signing server>}}" to the job in .gitlab-ci.yml',
  });
}
