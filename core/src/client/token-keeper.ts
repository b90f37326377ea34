import { decodeBase64url } from '../encoding/base64.ts';
import { isJsonObject, tryStrictJson } from '../encoding/strict-json.ts';
import type { TokenSource } from './ci/token-source.ts';
import type { Clock } from './clock.ts';

/** Milliseconds before its end from which a token is no longer sent. */
const MARGIN = 30_000;

/** The token of one request: the same one while it lives, because repeated calls should be the same call. */
export interface TokenKeeper {
  current(): Promise<string>;
  /** Forgets the token; false where the platform would hand out the same one again. */
  renew(): boolean;
}

/** Keeps the token for one audience. Throws what the source throws. */
export function keepToken(source: TokenSource, audience: string, clock: Clock, signal?: AbortSignal): TokenKeeper {
  let held: { readonly token: string; readonly until: number } | undefined;
  return {
    async current() {
      if (held !== undefined && (!source.renewable || clock.now().getTime() < held.until)) return held.token;
      const token = await source.token(audience, signal);
      held = { token, until: clock.now().getTime() + lifetime(token) - MARGIN };
      return token;
    },
    renew() {
      if (!source.renewable) return false;
      held = undefined;
      return true;
    },
  };
}

/** Milliseconds between `iat` and `exp`: only a difference, because the clock of this machine may be off. */
function lifetime(token: string): number {
  const claims = tryClaims(token.split('.')[1] ?? '');
  const issued = isJsonObject(claims) ? claims['iat'] : undefined;
  const expires = isJsonObject(claims) ? claims['exp'] : undefined;
  if (typeof issued !== 'number' || typeof expires !== 'number') return Number.POSITIVE_INFINITY;
  return Math.max(0, expires - issued) * 1000;
}

function tryClaims(part: string): unknown {
  try {
    return tryStrictJson(decodeBase64url(part));
  } catch {
    return undefined;
  }
}
