import type { Evaluation, SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { SignedCall } from './signed-call.ts';

/** What a status page may show to anyone who knows the id. */
export interface PublicStatus {
  readonly id: string;
  readonly state: string;
  readonly project: string;
  readonly policy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly artifacts: number;
}

/** What the HTTP layer needs of the application. Every call throws `OriginSignError`. */
export interface UseCases {
  /** Accepts or continues a signing request and waits up to `waitSeconds` for its end. */
  submit(call: SignedCall, waitSeconds: number): Promise<SigningRequestView>;
  /** State of a request, after waiting up to `waitSeconds` for its end. */
  follow(id: string, call: SignedCall, waitSeconds: number): Promise<SigningRequestView>;
  cancel(id: string, call: SignedCall): Promise<SigningRequestView>;
  /** The decision on a request, with nothing consumed and nothing signed. */
  evaluate(call: SignedCall): Promise<Evaluation>;
  status(id: string): Promise<PublicStatus | undefined>;
  /** The trust file as a note signed by the log key. */
  trust(): Promise<string>;
  /** The latest signed checkpoint; `undefined` before the first. */
  checkpoint(): Promise<string | undefined>;
  /** A tile of hashes below `/log/tile/`, by its C2SP path; `undefined` where the log has none. */
  tile(path: string): Promise<Uint8Array | undefined>;
}
