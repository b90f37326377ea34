import type { GivenAuthorities } from './authorities.ts';
import { detectTokens } from './ci/detect.ts';
import type { TokenSource } from './ci/token-source.ts';
import { clientCertificateOf, type ClientCertificate } from './client-certificate.ts';
import { systemClock, type Clock } from './clock.ts';
import type { EventSink } from './events.ts';
import type { FetchPort } from './fetch-port.ts';
import { createUndiciFetch } from './undici-fetch.ts';

/** What a runtime is made from. */
export interface RuntimeOptions {
  /** Environment of the process: proxies, extra CA file, client certificate, variables of the CI platform. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** PEM file with authorities trusted in addition to the system's. */
  readonly caFile?: string;
  /** Authorities that are no file, trusted likewise. */
  readonly authorities?: readonly GivenAuthorities[];
  /** Shown to the signing server; the one that the environment names where left out. */
  readonly clientCertificate?: ClientCertificate;
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
  /**
   * The CI platform that this process runs on. Throws `token.permission` or `token.unavailable` where there is none, and
   * `input.invalid` for variables that cannot be.
   */
  tokens(): TokenSource;
  /** Closes connections, so that the process can end. */
  readonly close: () => Promise<void>;
}

/** Builds the ports from the environment. Throws `input.*` for a CA file, certificate or proxy that cannot be used. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const clientCertificate = options.clientCertificate ?? clientCertificateOf(options.environment);
  const { fetch, close } = createUndiciFetch({
    ...options,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  });
  return {
    fetch,
    close,
    clock: systemClock,
    tokens: () => detectTokens({ ...options, fetch, clock: systemClock }),
  };
}
