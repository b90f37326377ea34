/** How the pool talks to authorities; the guarded outbound function of the server fits. */
export type TimestampFetch = (
  url: string,
  options: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
    /** Most bytes of answer. */
    readonly maxBytes: number;
    /** Milliseconds for the whole exchange. */
    readonly timeout: number;
    readonly allowPrivate: boolean;
    readonly allowHttp: boolean;
  },
) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}>;
