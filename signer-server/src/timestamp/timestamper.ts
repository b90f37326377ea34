import { randomBytes } from 'node:crypto';
import { sha256 } from '@originsign/core/encoding/sha256';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import {
  encodeTimestampRequest,
  parseTimestampResponse,
  TIMESTAMP_QUERY,
  TIMESTAMP_REPLY,
} from '@originsign/core/x509/timestamp-protocol';
import { verifyTimestampToken } from '@originsign/core/x509/timestamp-token';
import { AuthorityHealth } from './authority-health.ts';
import type { TimestampFetch } from './timestamp-fetch.ts';

/** A verified RFC 3161 token. */
interface TimestampedSignature {
  /** DER TimeStampToken. */
  readonly token: Uint8Array;
  /** The authority's time. */
  readonly time: Date;
}

/** Timestamps signatures. Whether one may be left out is for the caller to decide. */
export interface Timestamper {
  /**
   * A token over a signature value from the first authority that gives a good one. Throws `timestamp.unavailable`, or
   * `timestamp.invalid` where one of them answered with something that does not fit; `details.authorities` has each reason.
   */
  timestamp(signature: Uint8Array): Promise<TimestampedSignature>;
}

/** Authorities in order of preference, and what the pool works with. */
export interface TimestamperOptions {
  readonly urls: readonly string[];
  /** Milliseconds for each authority. */
  readonly timeout: number;
  /** DER certificates that tokens must chain to. */
  readonly roots: readonly Uint8Array[];
  /** Milliseconds during which an authority that failed is asked last. */
  readonly unhealthyFor: number;
  readonly allowPrivateAddress: boolean;
  readonly fetch: TimestampFetch;
  readonly now: () => Date;
}

/** A token with its certificates is below 16 KiB. */
const MAX_ANSWER = 64 * 1024;
/** Milliseconds by which the authority's clock and ours may differ. */
const MAX_CLOCK_DIFFERENCE = 5 * 60_000;

interface Failure {
  readonly url: string;
  readonly code: 'timestamp.unavailable' | 'timestamp.invalid';
  readonly reason: string;
}

/** Makes a pool of authorities. It asks one after another, since each answer is a statement that somebody signed. */
export function createTimestamper(options: TimestamperOptions): Timestamper {
  const health = new AuthorityHealth(options.urls, options.unhealthyFor);
  return {
    timestamp: async (signature) => {
      const failures: Failure[] = [];
      for (const url of health.order(options.now())) {
        try {
          const timestamped = await ask(url, signature, options);
          health.succeeded(url);
          return timestamped;
        } catch (error) {
          health.failed(url, options.now());
          failures.push(describe(url, error));
        }
      }
      throw noTimestamp(failures);
    },
  };
}

async function ask(url: string, signature: Uint8Array, options: TimestamperOptions): Promise<TimestampedSignature> {
  const nonce = new Uint8Array(randomBytes(8));
  const answer = await options.fetch(url, {
    method: 'POST',
    headers: { 'content-type': TIMESTAMP_QUERY, accept: TIMESTAMP_REPLY },
    body: encodeTimestampRequest(sha256(signature), nonce),
    maxBytes: MAX_ANSWER,
    timeout: options.timeout,
    allowPrivate: options.allowPrivateAddress,
    // The token is signed and carries our nonce; most public authorities speak plain http.
    allowHttp: true,
  });
  if (answer.status !== 200) {
    throw new OriginSignError(
      'timestamp.unavailable',
      `The timestamp authority answered with status ${answer.status}.`,
    );
  }
  const mediaType = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== TIMESTAMP_REPLY) {
    throw new OriginSignError('timestamp.invalid', 'The timestamp authority answered with another media type.');
  }
  const token = parseTimestampResponse(answer.body);
  const near = { now: options.now(), milliseconds: MAX_CLOCK_DIFFERENCE };
  const { time } = verifyTimestampToken(token, signature, options.roots, { nonce, near });
  return { token: Uint8Array.from(token), time };
}

/** Messages of ours are shown; whatever else was thrown stays in the process. */
function describe(url: string, error: unknown): Failure {
  if (!isOriginSignError(error)) throw error;
  const unavailable = error.code === 'timestamp.unavailable' || error.code.startsWith('egress.');
  return { url, code: unavailable ? 'timestamp.unavailable' : 'timestamp.invalid', reason: error.message };
}

function noTimestamp(failures: readonly Failure[]): OriginSignError {
  const invalid = failures.find(({ code }) => code === 'timestamp.invalid');
  const reasons = failures.map(({ url, reason }) => `${url}: ${reason}`);
  return new OriginSignError(
    invalid?.code ?? 'timestamp.unavailable',
    `No timestamp authority gave a good token. ${reasons.join(' ')}`,
    { details: { authorities: failures.map(({ url, reason }) => ({ url, reason })) }, retryAfter: 10 },
  );
}
