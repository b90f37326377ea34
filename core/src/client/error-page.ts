import type { OriginSignError } from '../errors/error.ts';

/** Page of the server that explains the error; none where the server is what cannot be reached, or is not known. */
export function errorPage(error: OriginSignError, server: string | undefined): string | undefined {
  if (server === undefined || error.code === 'server.unreachable') return undefined;
  return `${server}/errors/${error.code}`;
}
