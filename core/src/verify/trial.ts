import { OriginSignError } from '../errors/error.ts';
import type { TrustFile } from '../protocol/trust-file.ts';

/**
 * Refuses what a trial store vouches for, unless it was asked for. The names of its logs count too: a mark in the file can be
 * edited away, the name under which the log key signs cannot. Throws `verify.trial`.
 */
export function verifyNotTrial(trust: TrustFile, allowed: boolean): void {
  const isTrial = trust.trial === true || trust.logs.some(({ origin }) => origin.endsWith('/trial'));
  if (isTrial && !allowed) {
    throw new OriginSignError('verify.trial', 'The trust file is of a trial store, whose keys prove nothing.');
  }
}
