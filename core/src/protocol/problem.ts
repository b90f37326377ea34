import * as z from 'zod/mini';
import { CODE_TABLE, isErrorCode } from '../errors/codes.ts';
import { OriginSignError } from '../errors/error.ts';

/** RFC 9457 problem details as every error answer carries them. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  hint: z.optional(z.string()),
  requestId: z.optional(z.string()),
  details: z.optional(z.record(z.string(), z.unknown())),
});

/** Shape of {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

/** Media type of problem details. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The answer for an error. `server` is the public URL, whose pages explain the codes. */
export function problemOf(error: OriginSignError, server: string, requestId?: string): Problem {
  return {
    type: `${server}/errors/${error.code}`,
    title: CODE_TABLE[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.details === undefined ? {} : { details: { ...error.details } }),
  };
}

/** The error that an answer carries; `server.unexpected` where it is none of ours. */
export function errorOfProblem(body: unknown, status: number, retryAfter?: number): OriginSignError {
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) {
    return new OriginSignError('server.unexpected', `The server answered with status ${status} and no reason.`, {
      hint: 'check the server URL and what stands between',
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
  const { code, detail, hint, details } = parsed.data;
  const options = {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
  // A newer server may know codes that this client does not.
  if (isErrorCode(code)) return new OriginSignError(code, detail, options);
  return new OriginSignError('server.unexpected', `${detail} [${code}]`, options);
}
