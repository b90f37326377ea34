import type { Claims, ClaimValue } from '@originsign/core/platforms/claim-schema';

/** The text of a claim that every token of the platform has; a `TypeError` where it was not checked before. */
export function textClaim(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string') throw new TypeError(`The claim ${name} is not a text.`);
  return value;
}

/** As {@link textClaim}, for a whole number. */
export function integerClaim(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number') throw new TypeError(`The claim ${name} is not a number.`);
  return value;
}

/** Leaves out what is not known: policies see an absent claim, never a made-up value. */
export function presentClaims(claims: Readonly<Record<string, ClaimValue | undefined>>): Claims {
  return Object.fromEntries(
    Object.entries(claims).filter((entry): entry is [string, ClaimValue] => entry[1] !== undefined),
  );
}
