import { decodeBase64url } from '../encoding/base64.ts';
import { isJsonObject, tryStrictJson } from '../encoding/strict-json.ts';
import type { TokenSource } from './ci/token-source.ts';
import type { Clock } from './clock.ts';

/** Milliseconds before its end from which a token is no longer sent. */
const MARGIN = 30_000;

/** Seconds between two tokens of one job from which servers may take them for those of two jobs, and a margin. */
const FARTHEST = 60;

/** The tokens of one request, as they travel. */
export interface RequestTokens {
  readonly ci: string;
  /** Of the service connection, where the job names one. */
  readonly serviceConnection?: string;
}

/** The tokens of one request: the same ones while they live, because repeated calls should be the same call. */
export interface TokenKeeper {
  current(): Promise<RequestTokens>;
  /** Forgets the tokens; false where the platform would hand out the same ones again. */
  renew(): boolean;
}

/** When to give up asking. */
interface Limits {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Time in milliseconds after which nobody waits for a token. */
  readonly deadline?: number;
}

/** Keeps the tokens for one audience. Throws what the source throws. */
export function keepToken(source: TokenSource, audience: string, limits: Limits): TokenKeeper {
  const { clock } = limits;
  let held: { readonly tokens: RequestTokens; readonly until: number } | undefined;
  return {
    async current() {
      if (held !== undefined && (!source.renewable || clock.now().getTime() < held.until)) return held.tokens;
      const tokens = await askFor(source, audience, signalOf(limits));
      const lifetimes = [tokens.ci, tokens.serviceConnection].map((token) => lifetime(token ?? ''));
      held = { tokens, until: clock.now().getTime() + Math.min(...lifetimes) - MARGIN };
      return tokens;
    },
    renew() {
      if (!source.renewable) return false;
      held = undefined;
      return true;
    },
  };
}

/** Milliseconds that a platform has for an answer although the time is over, so that the last word is not about it. */
const GRACE = 10_000;

/** A platform that does not answer would be asked for minutes, whatever time the user gave. */
function signalOf({ clock, signal, deadline }: Limits): AbortSignal | undefined {
  if (deadline === undefined) return signal;
  const end = AbortSignal.timeout(Math.max(GRACE, Math.min(deadline - clock.now().getTime(), 2 ** 31 - 1)));
  return signal === undefined ? end : AbortSignal.any([signal, end]);
}

/** Two tokens have to be of one time. Where the second took long to get, a first of the same age is asked for again. */
async function askFor(source: TokenSource, audience: string, signal?: AbortSignal): Promise<RequestTokens> {
  const ci = await source.token(audience, signal);
  if (source.serviceConnection === undefined) return { ci };
  const serviceConnection = await source.serviceConnection(signal);
  const [first = 0, second = 0] = [ci, serviceConnection].map((token) => timesOf(token)?.issued);
  if (Math.abs(second - first) <= FARTHEST) return { ci, serviceConnection };
  return { ci: await source.token(audience, signal), serviceConnection };
}

/** Milliseconds between `iat` and `exp`: only a difference, because the clock of this machine may be off. */
function lifetime(token: string): number {
  const times = timesOf(token);
  return times === undefined ? Number.POSITIVE_INFINITY : Math.max(0, times.expires - times.issued) * 1000;
}

function timesOf(token: string): { readonly issued: number; readonly expires: number } | undefined {
  const claims = tryClaims(token.split('.')[1] ?? '');
  if (!isJsonObject(claims)) return undefined;
  const { iat: issued, exp: expires } = claims;
  return typeof issued === 'number' && typeof expires === 'number' ? { issued, expires } : undefined;
}

function tryClaims(part: string): unknown {
  try {
    return tryStrictJson(decodeBase64url(part));
  } catch {
    return undefined;
  }
}
