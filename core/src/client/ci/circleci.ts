import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OriginSignError } from '../../errors/error.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isTokenShaped, noToken } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface CircleciPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

/** Runs a program, without a shell, and gives back what it printed. Rejects where it fails. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options: { readonly environment: CircleciPorts['environment']; readonly signal?: AbortSignal },
) => Promise<string>;

const TIMEOUT = 60_000;
const HINT =
  'the program "circleci" is in every job of CircleCI; builds of forks get tokens only where the project passes secrets to them';

/** True where a job of CircleCI runs this process. */
export function isCircleci(environment: CircleciPorts['environment']): boolean {
  return environment['CIRCLECI'] === 'true';
}

/**
 * Identity tokens of a CircleCI job, made for any audience by the program that CircleCI puts into its jobs; the tokens in the
 * environment are for the organization and not for a request. Asking throws `token.unavailable` where the program gives none.
 * Source: circleci.com/docs, "OIDC tokens with custom claims".
 */
export function circleciTokens({ environment, mask }: CircleciPorts, run: RunProgram = runProgram): TokenSource {
  return {
    platform: 'circleci',
    renewable: true,
    async token(audience, signal) {
      const claims = JSON.stringify({ aud: audience });
      const options = { environment, ...(signal === undefined ? {} : { signal }) };
      const printed = await run('circleci', ['run', 'oidc', 'get', '--claims', claims], options).catch(
        (cause: unknown) => {
          if (signal?.aborted === true) throw cause;
          // What it printed stays out of the message: it may be half a token.
          throw noToken('CircleCI', 'the program "circleci" failed', { hint: HINT });
        },
      );
      const token = printed.trim();
      if (token !== '') mask(token);
      if (isTokenShaped(token)) return token;
      throw noToken('CircleCI', 'the program "circleci" printed none', { hint: HINT });
    },
  };
}

const runProgram: RunProgram = async (file, args, { environment, signal }) => {
  if (signal?.aborted === true) throw new OriginSignError('token.unavailable', 'The request was cancelled.');
  const { stdout } = await promisify(execFile)(file, [...args], {
    env: { ...environment },
    encoding: 'utf8',
    maxBuffer: 4 * LIMITS.token,
    timeout: TIMEOUT,
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  });
  return stdout;
};
