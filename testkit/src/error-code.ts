import { isOriginSignError, type OriginSignError } from '@originsign/core/errors/error';

/** Code of the error that a call ends with, or `accepted`. An error that is not ours is thrown on: it is a bug. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return 'accepted';
  } catch (error) {
    if (isOriginSignError(error)) return error.code;
    throw error;
  }
}

/** The error of ours that a call is refused with; throws where it is not refused. */
export async function refusalOf(call: () => unknown): Promise<OriginSignError> {
  try {
    await call();
  } catch (error) {
    if (isOriginSignError(error)) return error;
    throw error;
  }
  throw new Error('The call was expected to be refused.');
}

/** Like {@link codeOf} for a call that takes time. */
export async function codeOfAsync(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'accepted';
  } catch (error) {
    if (isOriginSignError(error)) return error.code;
    throw error;
  }
}
