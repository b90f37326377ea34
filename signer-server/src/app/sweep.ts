import { openRequests } from '../store/requests.ts';
import { purgeTokens } from '../store/used-tokens.ts';
import type { Context } from './context.ts';
import { continueRequest } from './continue.ts';

/** Takes up everything that is not finished, and forgets tokens that are long dead. Run at the start and every few seconds. */
export async function sweep(context: Context): Promise<void> {
  for (const request of await openRequests(context.db)) await continueRequest(context, request);
  await purgeTokens(context.db, context.now());
}
