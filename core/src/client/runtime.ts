import { OriginSignError } from '../errors/error.ts';
import { githubActionsTokens, isGithubActions } from './ci/github-actions.ts';
import type { TokenSource } from './ci/token-source.ts';
import { systemClock, type Clock } from './clock.ts';
import type { EventSink } from './events.ts';
import type { FetchPort } from './fetch-port.ts';
import { createUndiciFetch } from './undici-fetch.ts';

/** What a runtime is made from. */
export interface RuntimeOptions {
  /** Environment of the process: proxies, extra CA file, variables of the CI platform. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** PEM file with authorities trusted in addition to the system's. */
  readonly caFile?: string;
  /** Told of every secret before it is used, so that a runner can mask it in its log. */
  readonly mask: (secret: string) => void;
  /** Goes into the User-Agent: `originsign-cli/0.1.0`. */
  readonly agent: string;
  /** Told of repeated calls to the CI platform. */
  readonly events?: EventSink;
}

/** The real ports of a wrapper: cli, action, task. */
export interface Runtime {
  readonly fetch: FetchPort;
  readonly clock: Clock;
  /** The CI platform that this process runs on. Throws `token.permission` or `token.unavailable` where there is none. */
  tokens(): TokenSource;
  /** Closes connections, so that the process can end. */
  readonly close: () => Promise<void>;
}

/** Builds the ports from the environment. Throws `input.*` for a CA file or proxy that cannot be used. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { fetch, close } = createUndiciFetch(options);
  return {
    fetch,
    close,
    clock: systemClock,
    tokens: () => {
      if (isGithubActions(options.environment)) return githubActionsTokens({ ...options, fetch, clock: systemClock });
      throw new OriginSignError(
        'token.unavailable',
        'This process does not run on a CI platform that hands out tokens.',
        {
          hint: 'run it in a job of GitHub Actions with "permissions: id-token: write"',
        },
      );
    },
  };
}
