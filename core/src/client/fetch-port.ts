/** One HTTP request as the client makes it. */
export interface FetchRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer must be complete; the adapter's default where left out. */
  readonly timeout?: number;
  /**
   * True for calls to the signing server: the client certificate of this machine, where it has one, is shown in the TLS
   * handshake. Nobody else gets to see it.
   */
  readonly showsCertificate?: boolean;
}

/** One HTTP answer, complete. Header names are in lower case. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/**
 * The only way in which the client reaches a network. Redirects are never followed: a token would go with them. Throws
 * `server.unreachable` where there is no complete answer, with `details.reason` one of {@link UnreachableReason}.
 */
export type FetchPort = (url: string, request: FetchRequest) => Promise<FetchResponse>;

/**
 * Why there was no answer. `certificate`, `client_certificate`, `proxy_refused` and `too_large` do not pass by themselves.
 */
export type UnreachableReason =
  | 'connection'
  | 'name'
  | 'certificate'
  | 'client_certificate'
  | 'proxy'
  | 'proxy_refused'
  | 'timeout'
  | 'aborted'
  | 'too_large';
