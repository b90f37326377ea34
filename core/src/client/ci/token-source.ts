/** Where the identity tokens of this job come from. */
export interface TokenSource {
  /** Type of the platform, as in `PLATFORMS`: `github-actions`. `given` where only the token itself tells. */
  readonly platform: string;
  /** False where a job has one token for its whole life, so that asking again cannot help. */
  readonly renewable: boolean;
  /**
   * A token for this audience; platforms with a fixed audience ignore it. The token is masked before it is handed out.
   * Throws `token.permission` where the job may not have one, `token.unavailable` where the platform does not answer.
   */
  token(audience: string, signal?: AbortSignal): Promise<string>;
  /**
   * A token of the service connection that the job names, which proves that somebody let the job use it. There where a
   * platform has such connections and one is named. Throws as `token` does.
   */
  serviceConnection?(signal?: AbortSignal): Promise<string>;
}
