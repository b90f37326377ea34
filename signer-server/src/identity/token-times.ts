import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';

/** Seconds by which an issuer's clock may differ from ours. */
const CLOCK_SKEW = 60;

/** How long tokens of one system live. */
export interface TokenLifetime {
  /** Longest `exp - iat`, seconds. */
  readonly maxLifetime: number;
  /** Oldest `iat`, seconds; the token may be refused before it expires. */
  readonly maxAge: number;
}

/** When the token was made and until when it is one. */
export interface TokenTimes {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/**
 * Checks `exp`, `iat` and, where it is there, `nbf`: whole numbers of seconds, not expired, not from the future, not made to
 * live longer than the platform does, not older than allowed. Throws `token.time`. RFC 7519 section 4.1.
 */
export function verifyTokenTimes(payload: JsonObject, lifetime: TokenLifetime, now: Date): TokenTimes {
  const seconds = now.getTime() / 1000;
  const expires = seconds1970(payload, 'exp');
  const issued = seconds1970(payload, 'iat');
  const notBefore = payload['nbf'] === undefined ? issued : seconds1970(payload, 'nbf');
  if (expires <= issued) throw refused('it expires before it was made');
  if (expires - issued > lifetime.maxLifetime) throw refused('it lives longer than tokens of this platform do');
  if (seconds >= expires + CLOCK_SKEW) throw refused('it is expired');
  if (issued > seconds + CLOCK_SKEW) throw refused('it was made in the future');
  if (notBefore > seconds + CLOCK_SKEW) throw refused('it is not valid yet');
  if (seconds - issued > lifetime.maxAge + CLOCK_SKEW) throw refused('it was made too long ago');
  return { issuedAt: new Date(issued * 1000), expiresAt: new Date(expires * 1000) };
}

function seconds1970(payload: JsonObject, claim: string): number {
  const value = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  // The year 9999: later times are no times that Date can print in four digits.
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 253_402_300_799) {
    throw refused(`its ${claim} is not a whole number of seconds`);
  }
  return value;
}

function refused(what: string): OriginSignError {
  return new OriginSignError('token.time', `The token is refused: ${what}.`);
}
