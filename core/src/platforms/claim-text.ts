import { claimType, type Claims, missingClaim } from './claim-schema.ts';

/** The text of a claim that must be there. Throws `token.claim_missing`, `token.claim_type`. */
export function requiredText(claims: Claims, prefix: string, name: string): string {
  const value = claims[`${prefix}.${name}`];
  if (value === undefined) throw missingClaim(name);
  if (typeof value !== 'string') throw claimType(name, 'text');
  return value;
}

/** A member with the text of a claim, or no member where there is none. */
export function optionalText<Key extends string>(
  key: Key,
  claims: Claims,
  prefix: string,
  name: string,
): { readonly [K in Key]?: string } {
  const value = claims[`${prefix}.${name}`];
  return typeof value === 'string' ? ({ [key]: value } as { readonly [K in Key]: string }) : {};
}
