/**
 * Where a signing request came from, in words that are the same on every platform. The server writes it from verified
 * claims; nothing in it is the client's word. The fields follow the normalised claims of Fulcio (OIDs 1.3.6.1.4.1.57264.1.8 ff.).
 */
export interface Origin {
  /** Platform type, for example `github-actions`. */
  readonly platform: string;
  /** Id of the trusted build system. */
  readonly system: string;
  readonly repository: {
    readonly uri: string;
    /** Immutable id: survives a rename, and a re-registered name has another one. */
    readonly id: string;
    /** Left out on platforms whose repositories have no owner with an id. */
    readonly ownerId?: string;
  };
  /** Commit that triggered the run, lower-case hexadecimal; left out where nobody but the job itself could say it. */
  readonly commit?: string;
  /** Full ref, for example `refs/tags/v1.4.0`; left out likewise. */
  readonly ref?: string;
  readonly workflow: {
    readonly uri: string;
    readonly path: string;
    readonly ref?: string;
    readonly commit?: string;
  };
  /** The reusable workflow that the job runs in, where it is not the workflow itself. */
  readonly callee?: {
    readonly uri: string;
    readonly repository: string;
    readonly path: string;
    readonly ref: string;
    readonly commit?: string;
  };
  /** `attempt` is left out where the platform does not tell attempts apart. */
  readonly run: { readonly id: string; readonly attempt?: number; readonly uri: string };
  /** What started the run, in the platform's word; left out where it does not say. */
  readonly trigger?: string;
  /** Kind of runner, in the platform's word; left out likewise. */
  readonly runner?: string;
  readonly environment?: string;
  readonly actor?: string;
  readonly actorId?: string;
}
