/** Limits that both sides of the protocol know. Bytes unless said otherwise. */
export const LIMITS = {
  /** Body of any request. */
  body: 2 * 1024 * 1024,
  /** One identity token. */
  token: 16 * 1024,
  /** Artifacts of one signing request. */
  artifacts: 1024,
  /** Seconds after which an unfinished POST is answered with 202. */
  answerWithin: 10,
  /** Longest `wait` of a poll in seconds. */
  longestWait: 30,
} as const;

/** Path of the collection of signing requests, below the server's URL. */
export const SIGNING_REQUESTS_PATH = '/v1/signing-requests';

/** Path that asks for a decision and nothing else. */
export const EVALUATIONS_PATH = '/v1/evaluations';

/** URL of one signing request, which is also the audience of its token. */
export function signingRequestUrl(server: string, id: string): string {
  return `${server}${SIGNING_REQUESTS_PATH}/${id}`;
}
