import type { SigningRequestView, State } from '../protocol/signing-request.ts';
import type { SignedFile } from './signed-file.ts';

/** One file that is about to be signed. */
export interface HashedFile {
  /** Name in the attestation: relative to the common folder of the patterns, forward slashes. */
  readonly name: string;
  /** Path on this machine. */
  readonly path: string;
  readonly format: string;
  readonly coveredDigest: { readonly algorithm: string; readonly value: string };
  /** SHA-256 of the whole file, lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** People whom a request waits for. */
export interface AwaitedApprovals {
  readonly count: number;
  readonly approved: number;
  /** `group:name` or `user:name`. */
  readonly from: readonly string[];
}

/** What happens while files are signed, in order, for people who watch. None of it is a secret. */
export type SignEvent =
  | { readonly kind: 'warning'; readonly message: string }
  | {
      /** Part of a file was read: at its beginning, with nothing done yet, and then every so often. */
      readonly kind: 'hashing';
      readonly name: string;
      /** Bytes. */
      readonly done: number;
      readonly size: number;
    }
  | { readonly kind: 'hashed'; readonly files: readonly HashedFile[] }
  | { readonly kind: 'request'; readonly id: string; readonly url: string }
  | {
      readonly kind: 'retry';
      /** Plain sentence: what did not work. */
      readonly reason: string;
      readonly attempt: number;
      /** Milliseconds until the next attempt. */
      readonly delay: number;
    }
  | { readonly kind: 'clock'; /** Seconds that the server is ahead of this machine. */ readonly offset: number }
  | {
      readonly kind: 'origin';
      readonly origin: SigningRequestView['origin'];
      readonly binding: SigningRequestView['binding'];
    }
  | {
      readonly kind: 'waiting';
      readonly state: State;
      readonly since: Date;
      /** Milliseconds since then, by the clock of this machine. */
      readonly elapsed: number;
      /** How many people agree, and who is asked. */
      readonly approvals?: AwaitedApprovals;
      /** So soon after the last one that nobody needs a line about it in a log. */
      readonly minor?: true;
    }
  | { readonly kind: 'signed'; readonly file: SignedFile }
  | { readonly kind: 'proof'; readonly receiptPath: string; readonly provenancePath: string };

/** Takes the events; must not throw. */
export type EventSink = (event: SignEvent) => void;
