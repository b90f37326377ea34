import { randomBytes } from 'node:crypto';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import { STATIC_TOKEN_PREFIX } from '@originsign/core/platforms/static-token';
import { NAME } from '@originsign/core/policy/reader';

const DAY = 86_400_000;
const MAX_DAYS = 366;

/** What a static token is for. */
export interface StaticTokenWish {
  readonly name: string;
  /** The one project that it may ask for. */
  readonly project: string;
  /** From this day on it is refused, `2027-01-31`. */
  readonly expires: string;
}

/**
 * Makes a static token of 256 random bits, and its entry for the file of the trusted build system, which has its hash alone.
 * Throws `input.invalid`.
 */
export function newStaticToken(wish: StaticTokenWish, now: Date): { readonly token: string; readonly entry: string } {
  for (const word of [wish.name, wish.project]) checkName(word);
  checkDate(wish.expires, now);
  const token = `${STATIC_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const { name, project, expires } = wish;
  // All in quotes: a hash may look like a number, and a name like a boolean.
  const members = Object.entries({ name, sha256: sha256Hex(utf8(token)), project, expires });
  return { token, entry: `{${members.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')}}` };
}

function checkName(word: string): void {
  if (NAME.test(word)) return;
  throw new OriginSignError('input.invalid', `"${word}" is no name: lower-case letters, digits, ".", "_" or "-".`);
}

function checkDate(text: string, now: Date): void {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new OriginSignError('input.invalid', 'The date must be one as in 2027-01-31.');
  }
  const days = (date.getTime() - now.getTime()) / DAY;
  if (days <= 0) throw new OriginSignError('input.invalid', 'The date is past.');
  if (days <= MAX_DAYS) return;
  throw new OriginSignError('input.invalid', 'A static token lives for a year at most.', {
    hint: 'replace it once a year: put the next one beside it, and take the old one out',
  });
}
